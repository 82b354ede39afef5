"""Writes heads/requests.txt and heads/responses.txt: messages in the shape in
which real clients and servers send them.

    make_heads.py

The sets of fields follow what each program documents or is known to send;
texts, keys and names are made up. The written files are what the tests read.
"""

import json
import pathlib

HERE = pathlib.Path(__file__).parent / "heads"
KEY = "gw_live_4f9d2c71b8e04a6d93c5"


def body(**fields):
    return json.dumps(fields)


SAY = [{"role": "user", "content": "What is the capital of Iceland?"}]
CALLS = {
    "chat": ("POST", "/v1/chat/completions", body(model="openai/gpt-4o-mini", messages=SAY)),
    "stream": ("POST", "/v1/chat/completions", body(model="openai/gpt-4o-mini", messages=SAY, stream=True)),
    "responses": ("POST", "/v1/responses", body(model="openai/gpt-4.1", input="Say ja.")),
    "messages": ("POST", "/v1/messages", body(model="anthropic/claude-sonnet-4", max_tokens=64, messages=SAY)),
    "embeddings": ("POST", "/api/v1/embeddings", body(model="openai/text-embedding-3-small", input=["a", "b"])),
    "models": ("GET", "/v1/models", None),
    "model": ("GET", "/api/v1/models/openai/gpt-4o-mini/endpoints", None),
    "query": ("GET", "/api/v1/models?category=programming&supported_parameters=tools", None),
    "delete": ("DELETE", "/v1/files/file-8f1c", None),
    "health": ("GET", "/health", None),
}

# A field's value may hold {key}, {length} and {accept}; a field whose name ends in ? stands only with a body.
STAINLESS = """X-Stainless-Lang: {lang}
X-Stainless-Package-Version: {version}
X-Stainless-OS: Linux
X-Stainless-Arch: x64
X-Stainless-Runtime: {runtime}
X-Stainless-Runtime-Version: {rversion}"""
PY = dict(lang="python", runtime="CPython", rversion="3.11.2")
JS = dict(lang="js", runtime="node", rversion="v22.11.0")


def stainless(version, **kind):
    text = STAINLESS
    for name, value in dict(kind, version=version).items():
        text = text.replace("{%s}" % name, value)
    return text


OPENAI_PY = """Host: {host}
Accept-Encoding: gzip, deflate
Connection: keep-alive
Accept: application/json
Content-Type: application/json
User-Agent: %s/Python %s
%s
Authorization: Bearer {key}
X-Stainless-Async: %s
x-stainless-retry-count: 0
x-stainless-read-timeout: 600
Content-Length?: {length}"""
ANTHROPIC_PY = """Host: {host}
Accept-Encoding: gzip, deflate
Connection: keep-alive
Accept: application/json
Content-Type: application/json
User-Agent: Anthropic/Python %s
%s
X-Api-Key: {key}
X-Stainless-Async: false
anthropic-version: 2023-06-01
x-stainless-retry-count: 0
x-stainless-timeout: 600
Content-Length?: {length}"""
UNDICI = """host: {host}
connection: keep-alive
Accept: application/json
Content-Type?: application/json
User-Agent: %s
%s
Authorization: Bearer {key}
accept-language: *
sec-fetch-mode: cors
accept-encoding: br, gzip, deflate
content-length?: {length}"""
BROWSER = """Host: {host}
Connection: keep-alive
Content-Length?: {length}
sec-ch-ua-platform: "%s"
Authorization: Bearer {key}
User-Agent: %s
sec-ch-ua: "Chromium";v="%s", "Not_A Brand";v="24"
Content-Type?: application/json
sec-ch-ua-mobile: ?0
Accept: */*
Origin: https://chat.example.org
Sec-Fetch-Site: cross-site
Sec-Fetch-Mode: cors
Sec-Fetch-Dest: empty
Referer: https://chat.example.org/
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: en-GB,en;q=0.9,de;q=0.8"""


def simple(agent, *lines, auth="Authorization: Bearer {key}"):
    return "\n".join(["Host: {host}", "User-Agent: " + agent, *lines, auth])


TYPED = ("Content-Type?: application/json", "Content-Length?: {length}")

CLIENTS = {
    "curl 7.68": simple("curl/7.68.0", "Accept: */*", *TYPED),
    "curl 7.88": simple("curl/7.88.1", "Accept: */*", *TYPED),
    "curl 8.5": simple("curl/8.5.0", "Accept: */*", *TYPED),
    "curl 8.14, compressed": simple("curl/8.14.1", "Accept: */*", "Accept-Encoding: deflate, gzip, br, zstd", *TYPED),
    "curl 8.14, large": simple("curl/8.14.1", "Accept: */*", *TYPED, "Expect?: 100-continue"),
    "curl 8.14, upload": simple(
        "curl/8.14.1", "Accept: */*", "Transfer-Encoding?: chunked", "Content-Type?: application/json"),
    "curl, HTTP/1.0": "1.0\n" + simple("curl/8.5.0", "Accept: */*", *TYPED),
    "wget 1.21": simple("Wget/1.21.3", "Accept: */*", "Accept-Encoding: identity", "Connection: Keep-Alive", *TYPED),
    "HTTPie 3.2": simple(
        "HTTPie/3.2.4", "Accept-Encoding: gzip, deflate, br, zstd", "Accept: application/json, */*;q=0.5",
        "Connection: keep-alive", *TYPED),
    "openai-python 1.60": OPENAI_PY % ("OpenAI", "1.60.2", stainless("1.60.2", **PY), "false"),
    "openai-python 2.8, async": OPENAI_PY % ("AsyncOpenAI", "2.8.1", stainless("2.8.1", **PY), "async:asyncio"),
    "openai-python, Azure": (OPENAI_PY % ("AzureOpenAI", "1.99.9", stainless("1.99.9", **PY), "false"))
    .replace("Authorization: Bearer {key}", "api-key: 0f2a\nX-Client-API-Key: {key}"),
    "openai-python, organization": (OPENAI_PY % ("OpenAI", "1.109.1", stainless("1.109.1", **PY), "false"))
    + "\nOpenAI-Organization: org-4fK\nOpenAI-Project: proj_9a",
    "anthropic-python 0.52": ANTHROPIC_PY % ("0.52.0", stainless("0.52.0", **PY)),
    "anthropic-python 0.75, beta": (ANTHROPIC_PY % ("0.75.0", stainless("0.75.0", **PY)))
    + "\nanthropic-beta: prompt-caching-2024-07-31,token-efficient-tools-2025-02-19",
    "httpx 0.28": simple("python-httpx/0.28.1", "Accept: */*", "Accept-Encoding: gzip, deflate", "Connection: keep-alive", *TYPED),
    "requests 2.32": simple("python-requests/2.32.3", "Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive", *TYPED),
    "aiohttp 3.11": simple("Python/3.11 aiohttp/3.11.11", "Accept: */*", "Accept-Encoding: gzip, deflate", *TYPED),
    "aiohttp 3.11, streamed": simple(
        "Python/3.11 aiohttp/3.11.11", "Accept: */*", "Accept-Encoding: gzip, deflate",
        "Content-Type?: application/octet-stream", "Transfer-Encoding?: chunked"),
    "urllib3 2.2": simple("python-urllib3/2.2.3", "Accept-Encoding: identity", *TYPED),
    "urllib": "Accept-Encoding: identity\nContent-Length?: {length}\nHost: {host}\nUser-Agent: Python-urllib/3.11\n"
    "Content-Type?: application/json\nAuthorization: Bearer {key}\nConnection: close",
    "LiteLLM": simple("litellm/1.74.0", "Accept: */*", "Accept-Encoding: gzip, deflate", "Connection: keep-alive", *TYPED,
                      "HTTP-Referer: https://litellm.ai", "X-Title: liteLLM"),
    "aider": (OPENAI_PY % ("OpenAI", "1.75.0", stainless("1.75.0", **PY), "false"))
    + "\nHTTP-Referer: https://aider.chat\nX-Title: Aider",
    "Open WebUI": simple("Python/3.11 aiohttp/3.11.11", "Accept: */*", "Accept-Encoding: gzip, deflate, br", *TYPED,
                         "HTTP-Referer: https://openwebui.com/", "X-Title: Open WebUI"),
    "openai-node 4.104": UNDICI % ("OpenAI/JS 4.104.0", stainless("4.104.0", **JS)),
    "openai-node 6.9": UNDICI % ("OpenAI/JS 6.9.0", stainless("6.9.0", **JS) + "\nX-Stainless-Retry-Count: 0"),
    "anthropic-sdk-typescript 0.71": (UNDICI % ("Anthropic/JS 0.71.0", stainless("0.71.0", **JS)))
    .replace("Authorization: Bearer {key}", "X-Api-Key: {key}\nanthropic-version: 2023-06-01"),
    "Vercel AI SDK": UNDICI % ("ai-sdk/openai-compatible/1.0.19 ai-sdk/provider-utils/3.0.10 runtime/node.js/22",
                               "HTTP-Referer: https://app.example.org\nX-Title: Demo"),
    "node fetch (undici)": UNDICI % ("node", "x-trace: 00-0af7651916cd43dd8448eb211c80319c-01"),
    "axios 1.7": "Accept: application/json, text/plain, */*\nContent-Type?: application/json\nAuthorization: Bearer {key}\n"
    "User-Agent: axios/1.7.9\nContent-Length?: {length}\nAccept-Encoding: gzip, compress, deflate, br\nHost: {host}\nConnection: keep-alive",
    "got 14": "user-agent: got (https://github.com/sindresorhus/got)\naccept: application/json\ncontent-type?: application/json\n"
    "authorization: Bearer {key}\ncontent-length?: {length}\naccept-encoding: gzip, deflate, br\nHost: {host}\nConnection: keep-alive",
    "node-fetch 2": "Content-Type?: application/json\nAuthorization: Bearer {key}\nAccept: */*\nContent-Length?: {length}\n"
    "User-Agent: node-fetch/1.0 (+https://github.com/bitinn/node-fetch)\nAccept-Encoding: gzip,deflate\nConnection: close\nHost: {host}",
    "node http, streamed": "Authorization: Bearer {key}\nContent-Type?: application/json\nHost: {host}\nConnection: keep-alive\n"
    "Transfer-Encoding?: chunked",
    "Deno 2": "content-type?: application/json\nauthorization: Bearer {key}\naccept: */*\naccept-language: *\nuser-agent: Deno/2.1.4\n"
    "accept-encoding: gzip,br\nhost: {host}\ncontent-length?: {length}",
    "Bun 1.1": "Content-Type?: application/json\nAuthorization: Bearer {key}\nConnection: keep-alive\nUser-Agent: Bun/1.1.43\nAccept: */*\n"
    "Host: {host}\nAccept-Encoding: gzip, deflate, br\nContent-Length?: {length}",
    "Go net/http": simple("Go-http-client/1.1", "Content-Length?: {length}", "Content-Type?: application/json", "Accept-Encoding: gzip"),
    "Go net/http, piped": simple(
        "Go-http-client/1.1", "Transfer-Encoding?: chunked", "Content-Type?: application/json", "Accept-Encoding: gzip"),
    "openai-go 1.12": simple("OpenAI/Go 1.12.0", "Content-Length?: {length}", "Accept: application/json",
                             "Content-Type?: application/json", stainless("1.12.0", lang="go", runtime="go", rversion="go1.23.4"),
                             "X-Stainless-Retry-Count: 0", "Accept-Encoding: gzip"),
    "okhttp 4.12": "Authorization: Bearer {key}\nContent-Type?: application/json; charset=utf-8\nContent-Length?: {length}\nHost: {host}\n"
    "Connection: Keep-Alive\nAccept-Encoding: gzip\nUser-Agent: okhttp/4.12.0",
    "openai-java 2.7": "User-Agent: OpenAIClientImpl/Java 2.7.0\nX-Stainless-Arch: x64\nX-Stainless-Lang: java\nAuthorization: Bearer {key}\n"
    "Content-Type?: application/json\nContent-Length?: {length}\nHost: {host}\nConnection: Keep-Alive\nAccept-Encoding: gzip",
    "java.net.http 21, version HTTP_1_1": "Content-Length?: {length}\nHost: {host}\nUser-Agent: Java-http-client/21.0.5\n"
    "Authorization: Bearer {key}\nContent-Type?: application/json",
    "HttpURLConnection 17": "Content-Type?: application/json\nAuthorization: Bearer {key}\nUser-Agent: Java/17.0.13\nHost: {host}\n"
    "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2\nConnection: keep-alive\nContent-Length?: {length}",
    "Apache HttpClient 5": "Accept-Encoding: gzip, x-gzip, deflate\nAuthorization: Bearer {key}\nContent-Length?: {length}\n"
    "Content-Type?: application/json; charset=UTF-8\nHost: {host}\nConnection: keep-alive\nUser-Agent: Apache-HttpClient/5.4.1 (Java/21.0.5)",
    "Spring WebClient": "accept-encoding: gzip\nuser-agent: ReactorNetty/1.2.1\nhost: {host}\naccept: */*\nAuthorization: Bearer {key}\n"
    "Content-Type?: application/json\ncontent-length?: {length}",
    "Ktor 3": "Authorization: Bearer {key}\nAccept: application/json\nAccept-Charset: UTF-8\nUser-Agent: ktor-client\n"
    "Content-Type?: application/json\nContent-Length?: {length}\nHost: {host}\nConnection: Keep-Alive",
    ".NET 8 HttpClient": "Host: {host}\nAccept: application/json\nAuthorization: Bearer {key}\n"
    "traceparent: 00-2f1b6c7a9d3e4f50a1b2c3d4e5f60718-7a6b5c4d3e2f1a0b-00\nTransfer-Encoding?: chunked\n"
    "Content-Type?: application/json; charset=utf-8",
    "openai-dotnet 2.1": "Host: {host}\nAccept: application/json\nUser-Agent: OpenAI/2.1.0 (.NET 8.0.11; Debian GNU/Linux 12 (bookworm))\n"
    "Authorization: Bearer {key}\nContent-Type?: application/json\nContent-Length?: {length}",
    "PowerShell 7.4": "Host: {host}\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.22631; de-DE) PowerShell/7.4.6\n"
    "Authorization: Bearer {key}\nAccept-Encoding: gzip, deflate, br\nContent-Type?: application/json\nContent-Length?: {length}",
    "Ruby Net::HTTP": "Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3\nAccept: */*\nUser-Agent: Ruby\nHost: {host}\n"
    "Authorization: Bearer {key}\nContent-Type?: application/json\nContent-Length?: {length}",
    "Faraday 2": "User-Agent: Faraday v2.12.2\nAuthorization: Bearer {key}\nContent-Type?: application/json\n"
    "Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3\nAccept: */*\nConnection: close\nHost: {host}\nContent-Length?: {length}",
    "Guzzle 7": simple("GuzzleHttp/7", *TYPED),
    "PHP streams": "1.0\nHost: {host}\nConnection: close\nContent-Type?: application/json\nContent-Length?: {length}\nAuthorization: Bearer {key}",
    "PHP curl": "Host: {host}\nAccept: */*\nContent-Type?: application/json\nAuthorization: Bearer {key}\nContent-Length?: {length}",
    "reqwest 0.12": "content-type?: application/json\nauthorization: Bearer {key}\naccept: */*\nhost: {host}\ncontent-length?: {length}",
    "async-openai 0.28": "authorization: Bearer {key}\nopenai-beta: assistants=v2\ncontent-type?: application/json\naccept: */*\nhost: {host}\n"
    "content-length?: {length}",
    "ureq 3": "host: {host}\nuser-agent: ureq/3.0.5\naccept: */*\naccept-encoding: gzip\nauthorization: Bearer {key}\n"
    "content-type?: application/json\ncontent-length?: {length}",
    "hyper, streamed": "authorization: Bearer {key}\ncontent-type?: application/json\nhost: {host}\ntransfer-encoding?: chunked",
    "URLSession (macOS)": "Host: {host}\nContent-Type?: application/json\nConnection: keep-alive\nAccept: */*\n"
    "User-Agent: Demo/1 CFNetwork/1568.300.101 Darwin/24.2.0\nContent-Length?: {length}\nAccept-Language: de-DE,de;q=0.9\n"
    "Accept-Encoding: gzip, deflate\nAuthorization: Bearer {key}",
    "async-http-client": "Authorization: Bearer {key}\nContent-Type?: application/json\nHost: {host}\ncontent-length?: {length}",
    "Dart 3.6": "user-agent: Dart/3.6 (dart:io)\ncontent-type?: application/json\naccept-encoding: gzip\ncontent-length?: {length}\n"
    "authorization: Bearer {key}\nhost: {host}",
    "Finch (Elixir)": "authorization: Bearer {key}\ncontent-type?: application/json\nhost: {host}\nuser-agent: mint/1.6.2\ncontent-length?: {length}",
    "hackney (Erlang)": "Host: {host}\nUser-Agent: hackney/1.20.1\nAuthorization: Bearer {key}\nContent-Type?: application/json\nContent-Length?: {length}",
    "http-client (Haskell)": "Host: {host}\nAccept-Encoding: gzip\nContent-Length?: {length}\nAuthorization: Bearer {key}\nContent-Type?: application/json",
    "LWP (Perl)": "TE: deflate,gzip;q=0.3\nConnection: TE, close\nAuthorization: Bearer {key}\nHost: {host}\nUser-Agent: libwww-perl/6.77\n"
    "Content-Length?: {length}\nContent-Type?: application/json",
    "httr2 (R)": simple("httr2/1.0.7 r-curl/6.0.1 libcurl/7.88.1", "Accept: */*", "Accept-Encoding: deflate, gzip", *TYPED),
    "HTTP.jl (Julia)": "Authorization: Bearer {key}\nContent-Type?: application/json\nHost: {host}\nAccept: */*\nUser-Agent: HTTP.jl/1.11.1\n"
    "Content-Length?: {length}\nAccept-Encoding: gzip",
    "lua-resty-http": "Host: {host}\nUser-Agent: lua-resty-http/0.17.2 (Lua) ngx_lua/10027\nAuthorization: Bearer {key}\n"
    "Content-Type?: application/json\nContent-Length?: {length}",
    "Chrome 131": BROWSER % ("Linux", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", "131"),
    "Edge 131": BROWSER % ("Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "131"),
    "Firefox 133": "Host: {host}\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\nAccept-Language: en-US,en;q=0.5\nAccept-Encoding: gzip, deflate, br, zstd\n"
    "Authorization: Bearer {key}\nContent-Type?: application/json\nContent-Length?: {length}\nOrigin: null\nDNT: 1\nSec-GPC: 1\nConnection: keep-alive\n"
    "Cookie: theme=dark; session=8fa2c1\nUpgrade-Insecure-Requests: 1\nSec-Fetch-Dest: document\nSec-Fetch-Mode: navigate\nSec-Fetch-Site: none\n"
    "Sec-Fetch-User: ?1\nPriority: u=0, i\nPragma: no-cache\nCache-Control: no-cache",
    "Safari 18": "Host: {host}\nContent-Type?: application/json\nOrigin: https://chat.example.org\nAccept-Encoding: gzip, deflate\nConnection: keep-alive\n"
    "Accept: */*\nUser-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15\n"
    "Authorization: Bearer {key}\nReferer: https://chat.example.org/\nContent-Length?: {length}\nAccept-Language: de-DE,de;q=0.9",
    "Postman": "Content-Type?: application/json\nAuthorization: Bearer {key}\nUser-Agent: PostmanRuntime/7.43.0\nAccept: */*\n"
    "Postman-Token: 1b2c3d4e-5f60-4718-9a0b-c1d2e3f40516\nHost: {host}\nAccept-Encoding: gzip, deflate, br\nConnection: keep-alive\nContent-Length?: {length}",
    "k6": simple("k6/0.55.0 (https://k6.io/)", *TYPED, "Accept-Encoding: gzip"),
    "ApacheBench": "1.0\nConnection: Keep-Alive\nContent-length?: {length}\nContent-type?: application/json\nAuthorization: Bearer {key}\nHost: {host}\n"
    "User-Agent: ApacheBench/2.3\nAccept: */*",
    "wrk": "Host: {host}\nAuthorization: Bearer {key}\nContent-Type?: application/json\nContent-Length?: {length}",
    "hey": simple("hey/0.0.1", "Content-Length?: {length}", "Content-Type?: application/json", "Accept-Encoding: gzip"),
    "behind nginx": "1.0\nHost: {host}\nX-Real-IP: 203.0.113.7\nX-Forwarded-For: 203.0.113.7\nX-Forwarded-Proto: https\nConnection: close\n"
    "Content-Length?: {length}\nAuthorization: Bearer {key}\nContent-Type?: application/json\nAccept: */*",
    "behind nginx, 1.1": "Host: {host}\nX-Forwarded-For: 203.0.113.7, 198.51.100.4\nX-Forwarded-Host: api.example.org\nContent-Length?: {length}\n"
    "Authorization: Bearer {key}\nContent-Type?: application/json",
    "behind haproxy": "host: {host}\nuser-agent: curl/8.5.0\nauthorization: Bearer {key}\ncontent-type?: application/json\ncontent-length?: {length}\n"
    "x-forwarded-for: 203.0.113.7",
    "behind Caddy": simple("curl/8.5.0", "Content-Length?: {length}", "Accept: */*", "Content-Type?: application/json", "X-Forwarded-For: 203.0.113.7",
                           "X-Forwarded-Host: api.example.org", "X-Forwarded-Proto: https", "Via: 1.1 Caddy", "Accept-Encoding: gzip"),
    "behind Envoy": "host: {host}\nauthorization: Bearer {key}\ncontent-type?: application/json\nx-forwarded-proto: https\n"
    "x-request-id: 5e7c0a5e-3c2f-4d1b-9f6e-2a7b8c9d0e1f\nx-envoy-expected-rq-timeout-ms: 600000\ncontent-length?: {length}",
    "behind Cloudflare": "Host: {host}\nAccept-Encoding: gzip, br\nX-Forwarded-For: 203.0.113.7\nCF-RAY: 8f2a6b1c9d3e4f50-FRA\nContent-Length?: {length}\n"
    'X-Forwarded-Proto: https\nCF-Visitor: {"scheme":"https"}\nAuthorization: Bearer {key}\nContent-Type?: application/json\nCF-Connecting-IP: 203.0.113.7\n'
    "CDN-Loop: cloudflare; loops=1\nCF-IPCountry: DE\nConnection: Keep-Alive",
    "behind AWS ALB": "X-Forwarded-For: 203.0.113.7\nX-Forwarded-Proto: https\nX-Forwarded-Port: 443\nHost: {host}\n"
    "X-Amzn-Trace-Id: Root=1-674e5f00-0123456789abcdef01234567\nContent-Length?: {length}\nAuthorization: Bearer {key}\nContent-Type?: application/json",
    "kube-probe": "Host: 10.1.2.3:8080\nUser-Agent: kube-probe/1.31\nAccept: */*\nConnection: close",
    "ELB health check": "Host: 10.1.2.3\nConnection: close\nUser-Agent: ELB-HealthChecker/2.0\nAccept-Encoding: gzip, compressed",
    "Prometheus": "Host: {host}\nUser-Agent: Prometheus/2.55.1\nAccept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\n"
    "Accept-Encoding: gzip\nX-Prometheus-Scrape-Timeout-Seconds: 10",
    "haproxy check": "1.0\nUser-Agent: haproxy",
    "OPTIONS preflight": "Host: {host}\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0\nAccept: */*\n"
    "Access-Control-Request-Method: POST\nAccess-Control-Request-Headers: authorization,content-type\nReferer: https://chat.example.org/\n"
    "Origin: https://chat.example.org\nConnection: keep-alive",
}
USUAL = ["chat", "stream", "models"]
MORE = [["responses"], ["messages"], ["embeddings"], ["model"], ["query"], ["delete"]]
ONLY = {
    "kube-probe": ["health"], "ELB health check": ["health"], "Prometheus": ["health"], "haproxy check": ["health"],
    "OPTIONS preflight": ["chat"],
}
HOSTS = ["127.0.0.1:8080", "localhost:8080", "ork.example.org", "gateway.internal:8443", "[::1]:8080", "10.0.4.17"]


def pieces(text):
    """A chunked body: one chunk a line."""
    middle = max(1, len(text) // 3)
    return "\n".join([text[:middle], text[middle:]])


def request(client, call, host):
    method, target, text = CALLS[call]
    if client == "OPTIONS preflight":
        method, text = "OPTIONS", None
    lines = CLIENTS[client].split("\n")
    version = lines.pop(0) if lines[0] == "1.0" else "1.1"
    out = [f"{method} {target} HTTP/{version}"]
    chunked = False
    for line in lines:
        name, value = line.split(": ", 1)
        if name.endswith("?"):
            if text is None:
                continue
            name = name[:-1]
        chunked = chunked or name.lower() == "transfer-encoding"
        value = value.replace("{key}", KEY).replace("{host}", host).replace("{length}", str(len(text or "")))
        out.append(f"{name}: {value}")
    return out, pieces(text) if chunked else text or ""


def requests():
    for place, client in enumerate(CLIENTS):
        calls = ONLY.get(client) or USUAL + MORE[place % len(MORE)]
        for call in calls:
            head, text = request(client, call, HOSTS[place % len(HOSTS)])
            yield f"{client}: {call}", head, text


CHAT = body(id="gen-1733-aB", object="chat.completion", created=1733011200, model="openai/gpt-4o-mini",
            choices=[{"index": 0, "message": {"role": "assistant", "content": "Reykjavík"}, "finish_reason": "stop"}],
            usage={"prompt_tokens": 14, "completion_tokens": 5, "total_tokens": 19})
EVENT = 'data: {"id":"gen-1","choices":[{"index":0,"delta":{"content":"Hi"}}]}'
REASONS = {
    200: "OK", 201: "Created", 204: "No Content", 301: "Moved Permanently", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized",
    402: "Payment Required", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 529: "",
}
DATE = "Date: Sun, 01 Dec 2024 00:00:00 GMT"
SERVERS = {
    "OpenRouter": DATE + "\nContent-Type: {type}\nTransfer-Encoding!: chunked\nConnection: keep-alive\nAccess-Control-Allow-Origin: *\n"
    "x-generation-id: gen-1733-aB\nVary: Accept-Encoding\nPermissions-Policy: payment=(self \"https://checkout.stripe.com\")\n"
    "Referrer-Policy: no-referrer, strict-origin-when-cross-origin\nX-Content-Type-Options: nosniff\nServer: cloudflare\nCF-RAY: 8f2a6b1c9d3e4f50-FRA",
    "OpenAI": DATE + "\nContent-Type: {type}\nContent-Length!: {length}\nConnection: keep-alive\naccess-control-expose-headers: X-Request-ID\n"
    "openai-organization: user-abc\nopenai-processing-ms: 391\nopenai-version: 2020-10-01\nx-ratelimit-limit-requests: 10000\nx-ratelimit-remaining-requests: 9999\n"
    "x-ratelimit-reset-requests: 8.64s\nstrict-transport-security: max-age=31536000; includeSubDomains; preload\nx-request-id: req_5d1e\nCF-Cache-Status: DYNAMIC\n"
    "Set-Cookie: __cf_bm=Q1; path=/; expires=Sun, 01-Dec-24 00:30:00 GMT; domain=.api.openai.com; HttpOnly; Secure; SameSite=None\n"
    "Set-Cookie: _cfuvid=r2; path=/; domain=.api.openai.com; HttpOnly; Secure; SameSite=None\nServer: cloudflare\nCF-RAY: 8f2a6b1c9d3e4f51-FRA\nalt-svc: h3=\":443\"; ma=86400",
    "Anthropic": DATE + "\nContent-Type: {type}\nTransfer-Encoding!: chunked\nConnection: keep-alive\nanthropic-ratelimit-requests-limit: 4000\n"
    "anthropic-ratelimit-requests-reset: 2024-12-01T00:00:00Z\nrequest-id: req_01\nvia: 1.1 google\ncf-cache-status: DYNAMIC\nX-Robots-Tag: none\nServer: cloudflare\nCF-RAY: 8f2a-FRA",
    "Azure OpenAI": "Content-Length!: {length}\nContent-Type: {type}\napim-request-id: 1b2c\nStrict-Transport-Security: max-age=31536000; includeSubDomains; preload\n"
    "x-ms-region: Sweden Central\nx-ratelimit-remaining-tokens: 29984\n" + DATE,
    "Google": "Content-Type: {type}\nVary: Origin\nVary: X-Origin\nVary: Referer\n" + DATE + "\nServer: ESF\nX-XSS-Protection: 0\nX-Frame-Options: SAMEORIGIN\n"
    "Alt-Svc: h3=\":443\"; ma=2592000,h3-29=\":443\"; ma=2592000\nTransfer-Encoding!: chunked",
    "nginx 1.22": "Server: nginx/1.22.1\n" + DATE + "\nContent-Type: {type}\nContent-Length!: {length}\nConnection: keep-alive",
    "nginx 1.27, chunked": "Server: nginx/1.27.3\n" + DATE + "\nContent-Type: {type}\nTransfer-Encoding!: chunked\nConnection: keep-alive\nVary: Accept-Encoding",
    "nginx, HTTP/1.0": "1.0\nServer: nginx\n" + DATE + "\nContent-Type: {type}\nConnection: close",
    "Apache 2.4": DATE + "\nServer: Apache/2.4.62 (Debian)\nContent-Length!: {length}\nKeep-Alive: timeout=5, max=100\nConnection: Keep-Alive\nContent-Type: {type}",
    "Caddy": "Alt-Svc: h3=\":443\"; ma=2592000\nContent-Length!: {length}\nContent-Type: {type}\nServer: Caddy\n" + DATE,
    "Traefik": "Content-Length!: {length}\nContent-Type: {type}\n" + DATE + "\nX-Content-Type-Options: nosniff",
    "Envoy": "content-length!: {length}\ncontent-type: {type}\ndate: Sun, 01 Dec 2024 00:00:00 GMT\nserver: envoy\nx-envoy-upstream-service-time: 412",
    "haproxy": "content-length!: {length}\ncache-control: no-cache\ncontent-type: {type}",
    "AWS ELB": "Server: awselb/2.0\n" + DATE + "\nContent-Type: {type}\nContent-Length!: {length}\nConnection: keep-alive",
    "CloudFront": "Content-Type: {type}\nContent-Length!: {length}\nConnection: keep-alive\n" + DATE + "\nX-Cache: Miss from cloudfront\n"
    "Via: 1.1 0a1b2c3d4e5f.cloudfront.net (CloudFront)\nX-Amz-Cf-Pop: FRA60-P3\nX-Amz-Cf-Id: kZ1==",
    "Varnish": DATE + "\nContent-Type: {type}\nX-Varnish: 98310\nAge: 0\nVia: 1.1 varnish (Varnish/7.1)\nAccept-Ranges: bytes\nTransfer-Encoding!: chunked\nConnection: keep-alive",
    "Vercel": "Cache-Control: public, max-age=0, must-revalidate\nContent-Type: {type}\n" + DATE + "\nServer: Vercel\nX-Vercel-Cache: MISS\nX-Vercel-Id: fra1::iad1::abcde\nTransfer-Encoding!: chunked\nConnection: keep-alive",
    "uvicorn": "date: Sun, 01 Dec 2024 00:00:00 GMT\nserver: uvicorn\ncontent-length!: {length}\ncontent-type: {type}",
    "uvicorn, streamed": "date: Sun, 01 Dec 2024 00:00:00 GMT\nserver: uvicorn\ncontent-type: {type}\ntransfer-encoding!: chunked\ncache-control: no-cache\nconnection: keep-alive\nx-accel-buffering: no",
    "hypercorn": "content-type: {type}\ncontent-length!: {length}\ndate: Sun, 01 Dec 2024 00:00:00 GMT\nserver: hypercorn-h11",
    "gunicorn": "Server: gunicorn\n" + DATE + "\nConnection: keep-alive\nContent-Type: {type}\nContent-Length!: {length}",
    "Werkzeug": "Server: Werkzeug/3.1.3 Python/3.11.2\n" + DATE + "\nContent-Type: {type}\nContent-Length!: {length}\nConnection: close",
    "http.server": "1.0\nServer: SimpleHTTP/0.6 Python/3.11.2\n" + DATE + "\nContent-type: {type}\nContent-Length!: {length}",
    "aiohttp": "Content-Type: {type}\nContent-Length!: {length}\n" + DATE + "\nServer: Python/3.11 aiohttp/3.11.11",
    "vLLM": "date: Sun, 01 Dec 2024 00:00:00 GMT\nserver: uvicorn\nx-request-id: 6f2b\ncontent-type: {type}\ntransfer-encoding!: chunked",
    "llama.cpp": "Access-Control-Allow-Origin: *\nContent-Length!: {length}\nContent-Type: {type}\nKeep-Alive: timeout=5, max=100\nServer: llama.cpp",
    "Ollama": "Content-Type: {type}\n" + DATE + "\nTransfer-Encoding!: chunked",
    "Go net/http": "Content-Type: {type}\n" + DATE + "\nContent-Length!: {length}",
    "Express": "X-Powered-By: Express\nContent-Type: {type}\nContent-Length!: {length}\nETag: W/\"f4-qWv\"\n" + DATE + "\nConnection: keep-alive\nKeep-Alive: timeout=5",
    "Fastify": "content-type: {type}\ncontent-length!: {length}\n" + DATE + "\nConnection: keep-alive\nKeep-Alive: timeout=72",
    "Kestrel": "Content-Type: {type}\n" + DATE + "\nServer: Kestrel\nTransfer-Encoding!: chunked",
    "Jetty": DATE + "\nContent-Type: {type}\nContent-Length!: {length}\nServer: Jetty(12.0.16)",
    "Tomcat": "Content-Type: {type}\nTransfer-Encoding!: chunked\n" + DATE + "\nKeep-Alive: timeout=60\nConnection: keep-alive",
    "Puma": "Content-Type: {type}\nCache-Control: max-age=0, private, must-revalidate\nX-Runtime: 0.412\nContent-Length!: {length}",
    "Cowboy": "content-length!: {length}\ncontent-type: {type}\ndate: Sun, 01 Dec 2024 00:00:00 GMT\nserver: Cowboy",
    "hyper": "content-type: {type}\ncontent-length!: {length}\ndate: Sun, 01 Dec 2024 00:00:00 GMT",
    "PHP-FPM": "Server: nginx\n" + DATE + "\nContent-Type: {type}\nTransfer-Encoding!: chunked\nConnection: keep-alive\nX-Powered-By: PHP/8.3.14\nExpires: Thu, 19 Nov 1981 08:52:00 GMT\nPragma: no-cache",
    "a server of few words": "Content-Type: {type}",
}
ANSWERS = {
    "JSON": (200, "application/json", CHAT),
    "stream": (200, "text/event-stream; charset=utf-8", EVENT),
    "401": (401, "application/json", body(error={"message": "No auth credentials found", "code": 401})),
    "429": (429, "application/json; charset=utf-8", body(error={"message": "Rate limit exceeded", "code": 429})),
    "402": (402, "application/json", body(error={"message": "Insufficient credits", "code": 402})),
    "502": (502, "text/html", "<html><head><title>502 Bad Gateway</title></head></html>"),
    "204": (204, None, None),
    "529": (529, "application/json", body(type="error", error={"type": "overloaded_error", "message": "Overloaded"})),
    "models": (200, "application/json", body(data=[{"id": "openai/gpt-4o-mini", "context_length": 128000}])),
}


def answers():
    names = list(ANSWERS)
    for place, server in enumerate(SERVERS):
        for kind in ["JSON", "stream"] + [names[2 + (place + step) % (len(names) - 2)] for step in (0, 3)]:
            status, media, text = ANSWERS[kind]
            lines = SERVERS[server].split("\n")
            version = lines.pop(0) if lines[0] == "1.0" else "1.1"
            out = [f"HTTP/{version} {status} {REASONS[status]}"]
            chunked = False
            for line in lines:
                name, value = line.split(": ", 1)
                if (name.endswith("!") or "{type}" in value) and text is None:
                    continue
                name = name.removesuffix("!")
                chunked = chunked or name.lower() == "transfer-encoding"
                length = len((text or "").encode())
                out.append(f"{name}: " + value.replace("{type}", media or "").replace("{length}", str(length)))
            if status == 429:
                out.append("Retry-After: 7")
            yield f"{server}: {kind}", out, (text or "").replace("\n", "\n") if not chunked else pieces(text or "")


def write(name, said, messages):
    parts = ["# " + said + ", in the shape in which they are really sent; written by make_heads.py.\n"
             "# `= name`, the head, an empty line, the body; of a chunked body every line is one chunk.\n"]
    count = 0
    for title, head, text in messages:
        count += 1
        parts.append(f"\n= {title}\n" + "\n".join(head) + "\n\n" + (text + "\n" if text else ""))
    (HERE / name).write_text("".join(parts))
    print(name, count)


if __name__ == "__main__":
    write("requests.txt", "Requests of clients", requests())
    write("responses.txt", "Answers of servers", answers())
