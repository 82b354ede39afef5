"""Drives the unmodified anthropic SDK against a base URL and prints a verdict.

Usage: anthropic_check.py BASE_URL < KEY   (BASE_URL without /v1: the SDK appends it)
Prints one JSON object: {"checks": {NAME: true or "what was wrong"}, "sdk": VERSION}.
"""

import asyncio
import json
import sys

import anthropic

MODEL = "anthropic/claude-sonnet-4.5"
REQUEST = {"model": MODEL, "max_tokens": 100, "messages": [{"role": "user", "content": "say something"}]}
WEATHER = {
    "name": "weather",
    "description": "weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def messages(client):
    answer = client.messages.create(**REQUEST)
    assert answer.content[0].text, answer
    assert answer.usage.output_tokens > 0, answer.usage


def streaming(client):
    text = ""
    with client.messages.stream(**REQUEST) as stream:
        for piece in stream.text_stream:
            text += piece
        final = stream.get_final_message()
    assert text and final.content[0].text == text, (text, final)
    assert final.stop_reason == "end_turn" and final.usage.output_tokens > 0, final


def streaming_events(client):
    """The raw event iterator: fails on a trailer that is none of Anthropic's."""
    kinds = [event.type for event in client.messages.create(**REQUEST, stream=True)]
    assert kinds[0] == "message_start" and kinds[-1] == "message_stop", kinds


def tools(client):
    answer = client.messages.create(**REQUEST, tools=[WEATHER])
    assert answer.stop_reason == "tool_use", answer
    assert answer.content[0].name == "weather" and "city" in answer.content[0].input, answer


async def asynchronous_streaming(client):
    async def one():
        async with client.messages.stream(**REQUEST) as stream:
            return await stream.get_final_text()

    texts = await asyncio.gather(*(one() for _ in range(5)))
    assert all(texts) and len(set(texts)) == 1, texts


def wrong_key(base):
    client = anthropic.Anthropic(base_url=base, api_key="gw_live_nobody", max_retries=0)
    try:
        client.messages.create(**REQUEST)
    except anthropic.AuthenticationError as error:
        assert error.status_code == 401, error
        assert error.body["error"]["type"] == "authentication_error", error.body
        return
    raise AssertionError("a wrong key was let in")


def verdict(run):
    try:
        run()
        return True
    except Exception as error:  # every failure is a verdict, none ends the script
        return f"{type(error).__name__}: {error}"[:500]


def main(base, key):
    checks = {}
    # Both ways in which a credential can be given to the SDK.
    for way in ("api_key", "auth_token"):
        with anthropic.Anthropic(base_url=base, max_retries=0, timeout=20, **{way: key}) as client:
            for check in (messages, streaming, streaming_events, tools):
                checks[f"{check.__name__} with {way}"] = verdict(lambda: check(client))

    async def with_client():
        async with anthropic.AsyncAnthropic(base_url=base, api_key=key, max_retries=0, timeout=20) as client:
            await asynchronous_streaming(client)

    checks["asynchronous_streaming"] = verdict(lambda: asyncio.run(with_client()))
    checks["wrong_key"] = verdict(lambda: wrong_key(base))
    print(json.dumps({"sdk": anthropic.__version__, "checks": checks}))


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.readline().strip())
