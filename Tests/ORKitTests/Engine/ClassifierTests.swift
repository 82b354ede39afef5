import Testing

@testable import ORKit

/// What the page of verdicts does not say row by row.
@Suite("Classifier")
struct ClassifierTests {
    private func verdict(
        _ status: Int, _ body: String = "", _ fields: [AnswerField] = [], model: String = "v/m",
        dialect: Dialect = .openRouter
    ) -> Verdict {
        Classifier.classify(
            UpstreamAnswer(
                status: status, fields: fields, body: Array(body.utf8), model: model, dialect: dialect),
            at: ErrorSample.now)
    }

    @Test("a 2xx is good", arguments: [200, 201, 202, 204, 299])
    func good(status: Int) {
        #expect(Classifier.classify(UpstreamAnswer(status: status), at: ErrorSample.now) == .ok)
    }

    @Test("a 2xx is a page only if both its type and its first byte say so")
    func pages() {
        let samples = [
            ("text/html", "{}"), ("text/html", " "), ("text/plain", "<html>"), ("text/htmlx", "<"),
        ]
        for (type, body) in samples {
            let answer = UpstreamAnswer(status: 200, contentType: type, body: Array(body.utf8))
            #expect(Classifier.classify(answer, at: ErrorSample.now) == .ok, "\(type) \(body)")
        }
    }

    @Test("a model may have worked for what may be tried again, unless nothing was sent")
    func mayHaveRun() {
        let none: [TransportFailure] = [
            .refused, .timedOutConnecting, .tls("x"), .dns, .redirect, .addressRefused,
        ]
        let unknown: [TransportFailure] = [
            .resetBeforeHead, .slowHead, .protocolError("x"), .truncated, .stalled,
        ]
        #expect(none.filter { Classifier.classify(transport: $0).mayHaveRun } == [])
        #expect(unknown.filter { !Classifier.classify(transport: $0).mayHaveRun } == [])
        #expect([500, 502, 504, 524].filter { !verdict($0).mayHaveRun } == [])
        #expect([302, 400, 401, 402, 429].filter { verdict($0).mayHaveRun } == [])
        #expect(!verdict(403, "<html>").mayHaveRun && verdict(520, "<html>").mayHaveRun)
    }

    @Test("a body cut at 16 KiB still shows its beginning")
    func cutBody() {
        let body =
            #"{"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"P","raw":""#
            + String(repeating: "x", count: 20_000)
        #expect(verdict(429, String(body.prefix(16_384))).rule == "429-upstream")
    }

    @Test("the account that an answer names is kept, if it looks like one")
    func account() {
        func named(_ user: String) -> String? {
            verdict(402, #"{"error":{"code":402,"message":"x"},"user_id":"\#(user)"}"#).account
        }
        #expect(named("user_2abc") == "user_2abc")
        #expect(named("x y") == nil)
        let organizations = [
            AnswerField("OpenAI-Organization", "org-a"), AnswerField("Anthropic-Organization-Id", "org-b"),
        ]
        #expect(verdict(429, "", organizations, dialect: .openAI).account == "org-a")
        #expect(verdict(429, "", organizations, dialect: .anthropic).account == "org-b")
        #expect(verdict(429, "", organizations).account == nil)
    }

    @Test("the provider that an answer names is kept, if it looks like one")
    func provider() {
        func named(_ name: String) -> String? {
            verdict(502, #"{"error":{"code":502,"message":"x","metadata":{"provider_name":"\#(name)"}}}"#)
                .provider
        }
        #expect(named("Amazon Bedrock") == "Amazon Bedrock")
        #expect(named(#"\u0007"#) == nil)
        #expect(named(String(repeating: "ab ", count: 40))?.count == 40)
    }

    @Test("where the time is from is kept")
    func sources() {
        let free = #"{"error":{"metadata":{"limit_source":"openrouter_free_tier_daily"}}}"#
        let timed = #"{"error":{"metadata":{"retry_after_seconds":7}}}"#
        let header = [AnswerField("retry-after", "9")]
        #expect(verdict(429, timed, header).statedBy == .header)
        #expect(verdict(429, timed).statedBy == .body)
        #expect(verdict(429, free).statedBy == .calendar)
        #expect(verdict(429, free, header).statedBy == .header)
        #expect(verdict(429).statedBy == nil)
    }

    @Test("of several limits that are used up the last to come back counts, of any other none")
    func usedUp() {
        func until(_ fields: [(String, String)], _ dialect: Dialect) -> String? {
            verdict(429, "", fields.map { AnswerField($0.0, $0.1) }, dialect: dialect).statedUntil?.rfc3339
        }
        #expect(
            until(
                [
                    ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "1s"),
                    ("x-ratelimit-reset-tokens", "1m2.5s"), ("x-ratelimit-reset-other", "soon"),
                ], .openAI) == "2026-11-21T14:21:05.620Z")
        #expect(
            until(
                [
                    ("anthropic-ratelimit-tokens-remaining", "5"),
                    ("anthropic-ratelimit-tokens-reset", "2026-11-21T15:00:00Z"),
                ], .anthropic) == nil)
    }

    @Test("the fingerprint is of the trouble, not of who has it, when, or how much")
    func fingerprint() {
        func of(_ message: String, _ status: Int = 402) -> UInt64 {
            verdict(status, #"{"error":{"message":"\#(message)"}}"#).fingerprint
        }
        #expect(of("You can only afford 4,321 of 99") == of("you can only afford 1,2 of 100000"))
        #expect(of("key sk-or-v1-aaa is unknown", 401) == of("key sk-or-v1-bbb is unknown", 401))
        let others = [
            of("a"), of("b"), of("a", 401), of("a", 500), verdict(402).fingerprint, Verdict.ok.fingerprint,
        ]
        #expect(Set(others).count == others.count)
    }

    @Test(
        "talk about errors is none",
        arguments: [
            #"{"choices":[{"delta":{"content":"{\"error\":{\"code\":502}}"}}]}"#,
            #"{"status":"completed","error":null}"#,
            #"{"error":{}}"#, #"{"error":false}"#, "[DONE]", "", "error",
            #"{"choices":[{"finish_reason":"stop"}],"errors":[]}"#,
            #"{"type":"response.created","response":{"error":null}}"#, #"{"delta":"error"}"#,
        ])
    func noInBandError(json: String) {
        for dialect in Dialect.allCases {
            let heard = Heard.inBand(json: Array(json.utf8), model: nil, dialect)
            #expect(Classifier.classify(heard, at: ErrorSample.now) == .ok)
        }
    }

    @Test("no bytes make the classifier trap, and whatever it says is fit to be kept")
    func garbage() {
        for seed in 0..<1000 as Range<UInt64> {
            var rng = SeededGenerator(seed: seed)
            var answer = ErrorSample.answers[Int(seed) % ErrorSample.answers.count]
            for _ in 0..<Int.random(in: 1...8, using: &rng) where !answer.body.isEmpty {
                answer.body[Int.random(in: 0..<answer.body.count, using: &rng)] = UInt8.random(
                    in: 0...255, using: &rng)
            }
            let noise = (0..<Int.random(in: 0...40, using: &rng)).map { _ in
                UInt8.random(in: 0...255, using: &rng)
            }
            let names = [
                "retry-after", "retry-after-ms", "x-ratelimit-reset", "x-ratelimit-reset-requests",
                "anthropic-ratelimit-tokens-reset", "anthropic-ratelimit--reset", "anthropic-ratelimit-reset",
            ]
            answer.fields.append(
                AnswerField(names.randomElement(using: &rng) ?? "", String(decoding: noise, as: UTF8.self)))
            answer.status = Int.random(in: -5...1000, using: &rng)
            answer.dialect = Dialect.allCases.randomElement(using: &rng) ?? .openRouter
            let now = Now(
                monotonic: 0,
                wall: WallTime(
                    milliseconds: seed % 7 == 0 ? .max : .random(in: 0...4_000_000_000_000, using: &rng)))
            for heard in [.answer(answer), .inBand(json: answer.body, model: nil, answer.dialect)] as [Heard]
            {
                let evidence = Classifier.classify(heard, at: now).evidence
                #expect(evidence.count <= 200 && !evidence.unicodeScalars.contains { $0.value < 0x20 })
            }
        }
    }
}
