import Testing

@testable import ORKit

@Suite("Evidence")
struct EvidenceTests {
    @Test("it is one line, short, and holds nothing like a secret")
    func line() {
        let secret = "sk-or-v1-" + String(repeating: "0123456789abcdef", count: 4)
        for text in [
            "bad key \(secret).", "Bearer \(secret)", "key=\(secret)&x", "\(secret)", "a gw_live_abc b",
            "SK-OR-V1-abc",
            "hash " + String(repeating: "ab", count: 32),
            "id abc_" + String(repeating: "ab", count: 16), "id " + String(repeating: "abc_1_", count: 8),
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
        for words in ["unsupported_country_region_territory", "anthropic-ratelimit-output-tokens-reset"] {
            #expect(Evidence.line([words]) == words)
        }
    }

    private let secret = "sk-or-v1-" + String(repeating: "5a", count: 32)

    /// An answer in which every member that is ever kept holds these words.
    private func answer(_ words: String, status: Int) -> UpstreamAnswer {
        let body = """
            {"error":{"message":"\(words)","type":"\(words)","code":"\(words)","metadata":{"error_type":"\(words)",
            "limit_source":"\(words)","reason":"\(words)","scope":"\(words)","provider_name":"\(words)","raw":"\(words)",
            "flagged_input":"\(words)","previous_errors":[{"raw":"\(words)"}]},"availability":{"code":"\(words)"}},
            "user_id":"\(words)"}
            """
        return UpstreamAnswer(
            status: status, fields: [AnswerField("Retry-After", "7 \(words)")], body: Array(body.utf8),
            model: "v/m")
    }

    @Test("no member of an answer brings a key into it", arguments: [400, 401, 402, 403, 404, 429, 500, 503])
    func members(status: Int) {
        for dialect in Dialect.allCases {
            var answer = answer("before \(secret) after", status: status)
            answer.dialect = dialect
            let verdict = Classifier.classify(answer, at: ErrorSample.now)
            for kept in [verdict.evidence, verdict.provider ?? "", verdict.account ?? ""] {
                #expect(!kept.contains("sk-or") && !kept.contains("5a5a5a"), "\(kept)")
            }
            #expect(verdict.evidence.count <= 200)
        }
    }

    @Test("a verdict about the request keeps little of what may repeat the prompt")
    func prompt() {
        let prompt = String(repeating: "how does one ", count: 40)
        let verdict = Classifier.classify(answer(prompt, status: 404), at: ErrorSample.now)
        #expect(verdict.scope == .request && !verdict.evidence.contains("raw="))
        let flagged =
            #"{"error":{"message":"no","metadata":{"reasons":["x"],"flagged_input":"how does one","patterns":["one"]}}}"#
        let moderated = Classifier.classify(
            UpstreamAnswer(status: 403, body: Array(flagged.utf8)), at: ErrorSample.now)
        #expect(moderated.evidence == "403 no")
    }

    @Test("of a page nothing is kept but that it was one")
    func page() {
        let page = UpstreamAnswer(status: 502, body: Array("<html>Ray ID 7f, your address 192.0.2.1".utf8))
        #expect(Classifier.classify(page, at: ErrorSample.now).evidence == "502 a page")
    }
}
