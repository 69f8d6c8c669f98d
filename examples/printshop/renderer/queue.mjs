import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

/**
 * Hands each message of a queue to `work`, until `signal` says that the task ends. What fails stays in the queue and is received
 * again, until it goes to the dead letters.
 */
export async function workOff(QueueUrl, signal, work) {
  const queues = new SQSClient();
  while (!signal.aborted) {
    const { Messages = [] } = await queues
      .send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: signal })
      .catch((error) => (signal.aborted ? {} : Promise.reject(error)));
    for (const { Body, ReceiptHandle } of Messages) {
      try {
        // SNS puts an envelope around what was published.
        await work(JSON.parse(JSON.parse(Body).Message));
        await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      } catch (error) {
        console.error(error);
      }
    }
  }
}
