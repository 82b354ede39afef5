"""Streams one chat completion with the openai SDK and prints what it yielded.

Usage: openai_stream.py BASE_URL MODEL < KEY   (BASE_URL ends in /v1)
Prints one JSON object: {"deltas": [TEXT, ...], "total_tokens": N}.
"""

import json
import sys

import openai


def main(base, model, key):
    deltas, usage = [], None
    with openai.OpenAI(base_url=base, api_key=key, max_retries=0, timeout=20) as client:
        messages = [{"role": "user", "content": "count"}]
        for chunk in client.chat.completions.create(model=model, messages=messages, stream=True):
            usage = chunk.usage or usage
            for choice in chunk.choices:
                if choice.delta.content:
                    deltas.append(choice.delta.content)
    print(json.dumps({"deltas": deltas, "total_tokens": usage.total_tokens if usage else None}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.stdin.readline().strip())
