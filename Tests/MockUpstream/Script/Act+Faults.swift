extension Act {
    /// A bare status. The body is JSON in the upstream's plain envelope unless
    /// given.
    public static func status(
        _ status: Int, headers: [(name: String, value: String)] = [], body: String? = nil
    ) -> Act {
        answer { exchange in
            guard let body else {
                var answer = exchange.refuse(Trouble(status, "mock says \(status)", namesAccount: false))
                answer.headers += headers
                return answer
            }
            let hasType = headers.contains { $0.name.lowercased() == "content-type" }
            let kind = body.utf8.first == UInt8(ascii: "{") ? "application/json" : "text/plain"
            return Answer(
                status: status, headers: (hasType ? [] : [("Content-Type", kind)]) + headers,
                body: body.isEmpty ? [] : [.bytes(Array(body.utf8))])
        }
    }

    /// One of OpenRouter's refusals in the envelope of the skin asked for.
    public static func refuse(_ trouble: Trouble) -> Act { answer { $0.refuse(trouble) } }

    /// 429 of the free tier: the reset in milliseconds is in the body only.
    public static func freeTier(perDay: Bool = false, resetAt milliseconds: Int64, inHeaders: Bool = false)
        -> Act
    {
        refuse(.freeTier(perDay: perDay, limit: perDay ? 50 : 20, reset: milliseconds, inHeaders: inHeaders))
    }

    /// 429 with nothing that says why or how long.
    public static let bare429 = Act.status(429, body: "")

    public static func retryAfter(_ value: String, status: Int = 429) -> Act {
        Act.status(status, headers: [("Retry-After", value)])
    }

    public static let unauthorized = Act.refuse(.userNotFound)

    /// A page of the edge in front of the upstream.
    public static func html(_ status: Int = 403) -> Act {
        answer { _ in
            let page =
                "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head>"
                + "<body><h1>Sorry, you have been blocked</h1></body></html>"
            return Answer(
                status: status,
                headers: [
                    ("Content-Type", "text/html; charset=UTF-8"), ("Server", "cloudflare"),
                    ("CF-RAY", "0-MOCK"),
                ],
                body: [.bytes(Array(page.utf8))])
        }
    }

    /// HTTP 200 with an error in it, and no choices.
    public static func okWithError(_ code: Int = 502) -> Act {
        answer { exchange in
            var answer = exchange.refuse(.providerDown(code))
            answer.status = 200
            return answer
        }
    }

    /// HTTP 200 whose only choice ended in an error.
    public static func okWithChoiceError(_ code: Int = 502) -> Act {
        answer { exchange in
            Answer(
                status: 200, headers: [("X-Generation-Id", exchange.generation)],
                json: [
                    "id": .string(exchange.generation), "object": "chat.completion",
                    "model": .string(exchange.model),
                    "choices": [
                        [
                            "index": 0, "finish_reason": "error",
                            "message": ["role": "assistant", "content": ""],
                            "error": ["code": JSON(code), "message": "upstream went away"],
                        ]
                    ],
                ])
        }
    }

    /// Sends the caller elsewhere; a gateway must not go.
    public static func redirect(to location: String, status: Int = 307) -> Act {
        Act.status(status, headers: [("Location", location)], body: "")
    }

    /// Never answers.
    public static let silence = Act.raw([.stall])
    /// RST instead of an answer.
    public static let resetAtOnce = Act.raw([.reset])
    /// FIN instead of an answer.
    public static let closeAtOnce = Act.raw([.close])
    /// Half a head, then silence.
    public static let halfHead = Act.raw([.send("HTTP/1.1 200 OK\r\nContent-Ty"), .stall])
    /// Half a head, then FIN.
    public static let halfHeadThenClose = Act.raw([.send("HTTP/1.1 200 OK\r\nContent-Ty"), .close])
    public static let notHTTP = Act.raw([.send("SSH-2.0-OpenSSH_9.2\r\n"), .close])

    /// A good answer with bytes after its end, on the same connection.
    public static func surplus(_ text: String = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged") -> Act {
        Act.usual.ending(.surplus(Array(text.utf8)))
    }

    /// Informational answers before the real one.
    public static func informational(_ status: Int, times: Int) -> Act {
        Act.usual.with { answer in
            answer.before += (0..<times).map { _ in .send("HTTP/1.1 \(status) Wait\r\n\r\n") }
        }
    }
}
