"""Drives the unmodified openai SDK as two users: one who has credits, and one who has none.

Usage: credits_check.py BASE_URL < KEYS   (BASE_URL ends in /v1; a line for each key, that with credits first)
Prints one JSON object: {"checks": {NAME: true or "what was wrong"}, "sdk": VERSION}.
"""

import asyncio
import json
import sys

import openai

MODEL = "openai/gpt-4o-mini"
MESSAGES = [{"role": "user", "content": "say something"}]
FIELDS = {"tokens_charged": int, "user_balance_after": int, "user_api_key": str}


def told(answer):
    """What an answer or a chunk says of the caller's account; nothing where it says nothing."""
    found = (answer.model_extra or {}).get("gateway_usage")
    if found is not None:
        assert {name: type(value) for name, value in found.items()} == FIELDS, found
    return found


def chat(client):
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=50)
    assert answer.choices[0].message.content, answer
    cost = told(answer)
    assert cost["tokens_charged"] == answer.usage.prompt_tokens + answer.usage.completion_tokens, (cost, answer.usage)
    again = told(client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=50))
    assert again["user_balance_after"] == cost["user_balance_after"] - again["tokens_charged"], (cost, again)


def read(chunks):
    """A stream to its end: its text, its usage, and the costs that were told with how many chunks came after."""
    words, usage, costs = [], None, []
    for place, chunk in enumerate(chunks):
        usage = chunk.usage or usage
        if chunk.choices and chunk.choices[0].delta.content:
            words.append(chunk.choices[0].delta.content)
        if told(chunk):
            assert chunk.choices == [], chunk
            costs.append((place, told(chunk)))
    assert len(words) > 3 and usage, (words, usage)
    assert len(costs) == 1 and costs[0][0] == len(chunks) - 1, costs
    cost = costs[0][1]
    assert cost["tokens_charged"] == usage.prompt_tokens + usage.completion_tokens, (cost, usage)


def streaming(client):
    read(list(client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)))


def streaming_helper(client):
    with client.chat.completions.stream(model=MODEL, messages=MESSAGES) as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion()
    # Its usage is that of the last chunk, whatever that is: ours states none.
    assert final.choices[0].message.content and final.choices[0].finish_reason, final


async def asynchronous_streaming(client):
    read([chunk async for chunk in await client.chat.completions.create(
        model=MODEL, messages=MESSAGES, stream=True)])


def responses_streaming(client):
    with client.responses.stream(model=MODEL, input="say something") as stream:
        for _ in stream:
            pass
        final = stream.get_final_response()
    assert final.output_text and final.usage.total_tokens > 0, final


def spent(client):
    for stream in (False, True):
        try:
            client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=stream)
        except openai.APIStatusError as error:
            assert error.status_code == 402, error
            assert error.code == "credits-insufficient" and error.type == "insufficient_quota", error.body
            assert "required" in error.message and "available" in error.message, error.message
            continue
        raise AssertionError("an answer was given away")


def verdict(run):
    try:
        run()
        return True
    except Exception as error:  # every failure is a verdict, none ends the script
        return f"{type(error).__name__}: {error}"[:500]


def main(base, rich, poor):
    checks = {}
    with openai.OpenAI(base_url=base, api_key=rich, max_retries=0, timeout=20) as client:
        for check in (chat, streaming, streaming_helper, responses_streaming):
            checks[check.__name__] = verdict(lambda: check(client))

    async def with_client():
        async with openai.AsyncOpenAI(base_url=base, api_key=rich, max_retries=0, timeout=20) as client:
            await asynchronous_streaming(client)

    checks["asynchronous_streaming"] = verdict(lambda: asyncio.run(with_client()))
    # With the retries that it has by itself: a 402 is none to repeat.
    with openai.OpenAI(base_url=base, api_key=poor, timeout=20) as client:
        checks["spent"] = verdict(lambda: spent(client))
    print(json.dumps({"sdk": openai.__version__, "checks": checks}))


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.readline().strip(), sys.stdin.readline().strip())
