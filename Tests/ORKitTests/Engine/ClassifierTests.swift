import Testing

@testable import ORKit

@Suite("Classifier")
struct ClassifierTests {
    @Test("an answer means what its marks say", arguments: ErrorSample.all)
    func means(sample: ErrorSample) {
        let verdict = Classifier.classify(sample.answer, at: ErrorSample.now)
        #expect(verdict.rule == sample.rule)
        #expect(verdict.scope == sample.scope)
        #expect(verdict.cause == sample.cause)
        #expect(verdict.remedy == sample.remedy)
        #expect(verdict.statedUntil?.rfc3339 == sample.until)
        #expect(verdict.evidence.count <= 200 && !verdict.evidence.contains("\n"))
    }

    @Test("every rule of the table has a sample, and no name comes twice")
    func everyRule() {
        let names = Rule.table.map(\.name)
        #expect(Set(names).count == names.count)
        let seen = Set(ErrorSample.all.map(\.rule))
        #expect(names.filter { !seen.contains($0) } == [])
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
        func status(_ status: Int, _ body: String = "") -> Bool {
            let answer = UpstreamAnswer(status: status, body: Array(body.utf8))
            return Classifier.classify(answer, at: ErrorSample.now).mayHaveRun
        }
        #expect([500, 502, 504, 524].filter { !status($0) } == [])
        #expect([302, 400, 401, 402, 429].filter { status($0) } == [])
        #expect(!status(403, "<html>") && status(520, "<html>"))
    }

    @Test("a body cut at 16 KiB still shows its beginning")
    func cutBody() {
        let body =
            #"{"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"P","raw":""#
            + String(repeating: "x", count: 20_000)
        let answer = UpstreamAnswer(status: 429, body: Array(body.utf8.prefix(16_384)), model: "v/m")
        #expect(Classifier.classify(answer, at: ErrorSample.now).rule == "429-upstream")
    }

    @Test("the account that an error names is kept, if it looks like one")
    func account() {
        func verdict(_ user: String) -> Verdict {
            let body = #"{"error":{"code":402,"message":"x"},"user_id":"\#(user)"}"#
            return Classifier.classify(
                UpstreamAnswer(status: 402, body: Array(body.utf8)), at: ErrorSample.now)
        }
        #expect(verdict("user_2abc").account == "user_2abc")
        #expect(verdict("x y").account == nil)
    }

    @Test("evidence is one line, short, and holds nothing like a secret")
    func evidence() {
        let secret = "sk-or-v1-" + String(repeating: "0123456789abcdef", count: 4)
        for text in [
            "bad key \(secret).", "Bearer \(secret)", "key=\(secret)&x", "\(secret)", "a gw_live_abc b",
            "SK-OR-V1-abc",
            "hash " + String(repeating: "ab", count: 32),
        ] {
            let line = Evidence.line([text])
            #expect(
                !line.lowercased().contains("sk-or") && !line.contains("abc") && !line.contains("abababab"),
                "\(line)")
            #expect(line.contains("…"))
        }
        #expect(Evidence.line(["a\r\n\u{7}b\u{202E}c", nil, "", "d"]) == "a b c; d")
        #expect(Evidence.line([String(repeating: "ab ", count: 500)]).count == 200)
        #expect(Evidence.line(["Grüße 😀"]) == "Grüße 😀")
    }

    @Test(
        "transport failures are never a key's fault",
        arguments: [
            (.refused, "connect-refused", .unreachable, .retry),
            (.timedOutConnecting, "connect-timeout", .unreachable, .retry),
            (.tls("handshake failure"), "tls", .unreachable, .retry), (.dns, "dns", .unreachable, .retry),
            (.resetBeforeHead, "reset-before-head", .unreachable, .retry),
            (.slowHead, "slow-head", .slow, .retry),
            (.protocolError("x"), "not-http", .malformed, .retry),
            (.truncated, "truncated", .truncated, .retry),
            (.stalled, "stalled", .slow, .retry), (.redirect, "redirect", .malformed, .giveUp),
            (.addressRefused, "address-refused", .unreachable, .giveUp),
        ] as [(TransportFailure, String, Cause, Remedy)])
    func transport(failure: TransportFailure, rule: String, cause: Cause, remedy: Remedy) {
        let verdict = Classifier.classify(transport: failure)
        #expect(verdict.scope == .network)
        #expect(verdict.rule == rule)
        #expect(verdict.cause == cause)
        #expect(verdict.remedy == remedy)
    }

    @Test(
        "an error inside a 200 is found in every skin",
        arguments: [
            (
                #"{"id":"gen-1-x","choices":[],"error":{"code":502,"message":"away","metadata":{"error_type":"provider_unavailable"}}}"#,
                "502-provider"
            ),
            (
                #"{"choices":[{"index":0,"finish_reason":"error","error":{"code":429,"message":"Provider returned error"}}]}"#,
                "429-upstream"
            ),
            (#"{"error":{"code":"server_error","message":"x"}}"#, "500-internal"),
            (#"{"error":{"code":"429","message":"x"}}"#, "429-bare"),
            (
                #"{"type":"error","error":{"type":"overloaded_error","message":"..","error_type":"provider_overloaded"}}"#,
                "503-overloaded"
            ),
            (
                #"{"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"x"}}}"#,
                "429-bare"
            ),
            (
                #"{"type":"response.failed","response":{"error_type":"timeout","error":{"code":"x","message":"x"}}}"#,
                "504-timeout"
            ),
            (
                #"{"type":"error","code":"server_error","message":"x","param":null,"sequence_number":3}"#,
                "500-internal"
            ),
            (#"{"error":{"code":402,"message":"Insufficient credits"}}"#, "402-credits"),
            (#"{"error":{"type":"invalid_request_error","message":"x"}}"#, "400-bad-request"),
            (#"{"error":"something"}"#, "500-internal"),
        ])
    func inBand(json: String, rule: String) {
        #expect(
            Classifier.classify(inBand: Array(json.utf8), model: "v/m", at: ErrorSample.now).rule == rule)
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
        #expect(Classifier.classify(inBand: Array(json.utf8), model: nil, at: ErrorSample.now) == .ok)
    }

    @Test("no body makes the classifier trap")
    func garbage() {
        for seed in 0..<500 as Range<UInt64> {
            var rng = SeededGenerator(seed: seed)
            var answer = ErrorSample.all[Int(seed) % ErrorSample.all.count].answer
            for _ in 0..<Int.random(in: 1...8, using: &rng) where !answer.body.isEmpty {
                answer.body[Int.random(in: 0..<answer.body.count, using: &rng)] = UInt8.random(
                    in: 0...255, using: &rng)
            }
            answer.status = Int.random(in: -5...1000, using: &rng)
            _ = Classifier.classify(answer, at: ErrorSample.now)
            _ = Classifier.classify(inBand: answer.body, model: nil, at: ErrorSample.now)
        }
    }
}
