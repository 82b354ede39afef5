"""Drives the unmodified openai SDK against a base URL and prints a verdict.

Usage: openai_check.py BASE_URL < KEY   (BASE_URL ends in /v1)
Prints one JSON object: {"checks": {NAME: true or "what was wrong"}, "sdk": VERSION}.
"""

import asyncio
import json
import sys

import openai

MODEL = "openai/gpt-4o-mini"
MESSAGES = [{"role": "user", "content": "say something"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def chat(client):
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, temperature=0.5, max_tokens=50)
    assert answer.choices[0].message.content, answer
    assert answer.usage.total_tokens > 0, answer.usage


def streaming(client):
    words, usage = [], None
    for chunk in client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True):
        usage = chunk.usage or usage
        if chunk.choices and chunk.choices[0].delta.content:
            words.append(chunk.choices[0].delta.content)
    assert len(words) > 3, words
    assert usage and usage.total_tokens > 0, usage


def tools(client):
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, tools=[WEATHER])
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "weather", call
    assert "city" in json.loads(call.function.arguments), call
    history = MESSAGES + [
        answer.choices[0].message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": "rain"},
    ]
    final = client.chat.completions.create(model=MODEL, messages=history, tools=[WEATHER])
    assert final.choices[0].message.content, final


def tools_streaming(client):
    arguments, name = "", None
    for chunk in client.chat.completions.create(model=MODEL, messages=MESSAGES, tools=[WEATHER], stream=True):
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                name = call.function.name or name
                arguments += call.function.arguments or ""
    assert name == "weather" and "city" in json.loads(arguments), (name, arguments)


def completions(client):
    answer = client.completions.create(model=MODEL, prompt="once", max_tokens=20)
    assert answer.choices[0].text, answer


def embeddings(client):
    answer = client.embeddings.create(model="openai/text-embedding-3-small", input=["a", "b"])
    assert len(answer.data) == 2 and len(answer.data[0].embedding) == 4, answer


def responses(client):
    answer = client.responses.create(model=MODEL, input="say something")
    assert answer.output_text, answer
    assert answer.usage.total_tokens > 0, answer.usage


def responses_streaming(client):
    text, final = "", None
    with client.responses.stream(model=MODEL, input="say something") as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                text += event.delta
        final = stream.get_final_response()
    assert text and final.output_text == text, (text, final)


def models(client):
    ids = [model.id for model in client.models.list()]
    assert MODEL in ids, ids


def raw_headers(client):
    answer = client.chat.completions.with_raw_response.create(model=MODEL, messages=MESSAGES)
    assert answer.headers.get("ork-request"), dict(answer.headers)
    assert answer.headers.get("x-generation-id", "").startswith("gen-"), dict(answer.headers)


async def asynchronous(client):
    answer = await client.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert answer.choices[0].message.content, answer


async def asynchronous_streaming(client):
    async def one():
        text = ""
        async for chunk in await client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True):
            if chunk.choices and chunk.choices[0].delta.content:
                text += chunk.choices[0].delta.content
        return text

    texts = await asyncio.gather(*(one() for _ in range(5)))
    assert all(texts) and len(set(texts)) == 1, texts


def wrong_key(base, _):
    client = openai.OpenAI(base_url=base, api_key="gw_live_nobody", max_retries=0)
    try:
        client.models.list()
    except openai.AuthenticationError as error:
        assert error.status_code == 401, error
        return
    raise AssertionError("a wrong key was let in")


SYNCHRONOUS = [
    chat, streaming, tools, tools_streaming, completions, embeddings, responses, responses_streaming, models,
    raw_headers,
]
ASYNCHRONOUS = [asynchronous, asynchronous_streaming]


def verdict(run):
    try:
        run()
        return True
    except Exception as error:  # every failure is a verdict, none ends the script
        return f"{type(error).__name__}: {error}"[:500]


def main(base, key):
    checks = {}
    with openai.OpenAI(base_url=base, api_key=key, max_retries=0, timeout=20) as client:
        for check in SYNCHRONOUS:
            checks[check.__name__] = verdict(lambda: check(client))

    async def with_client(check):
        async with openai.AsyncOpenAI(base_url=base, api_key=key, max_retries=0, timeout=20) as client:
            await check(client)

    for check in ASYNCHRONOUS:
        checks[check.__name__] = verdict(lambda: asyncio.run(with_client(check)))
    checks["wrong_key"] = verdict(lambda: wrong_key(base, key))
    print(json.dumps({"sdk": openai.__version__, "checks": checks}))


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.readline().strip())
