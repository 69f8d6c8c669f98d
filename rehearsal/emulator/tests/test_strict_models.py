"""What AWS's models ask of values."""

import unittest

from ..actions import description_of
from ..strict.constraints import check
from ..strict.models import operation_of
from ..strict.patterns import compiled, matches
from .strict_support import CHECKED


class ModelsTest(unittest.TestCase):
    def test_python_knows_the_patterns_of_the_services(self) -> None:
        patterns = {
            (service, shape["pattern"])
            for service in CHECKED
            for shape in description_of(service)["shapes"].values()
            if "pattern" in shape
        }
        self.assertGreater(len(patterns), 250)
        unknown = [(service, pattern) for service, pattern in patterns if not compiled(pattern)]
        # A flag in the middle of an expression.
        self.assertEqual([service for service, _ in unknown], ["budgets"])

    def test_patterns_are_java_s(self) -> None:
        tag = "^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$"
        for text, wanted in (("Größe 1", True), ("東京", True), ("a;b", False), ("a\n", False)):
            self.assertEqual(matches(tag, text), wanted, text)
        name = "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*"
        self.assertTrue(matches(name, "rocket \U0001f680"))
        self.assertFalse(matches(name, "bell \x07"))
        self.assertTrue(matches("\\p{Print}+", "a b"))
        self.assertFalse(matches("\\p{Print}+", "\xe9"))

    def test_a_union_has_one_member(self) -> None:
        operation = operation_of("monitoring", "PutMetricAlarm")
        assert operation is not None and operation.input_shape is not None
        shape = operation.input_shape.members["EvaluationCriteria"]
        [fault] = check("monitoring", shape, {})
        self.assertIn("exactly one of its members", fault.constraint)
