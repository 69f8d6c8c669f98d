"""What load balancers would do with requests: which targets can serve, which rule answers, what was lost when."""
