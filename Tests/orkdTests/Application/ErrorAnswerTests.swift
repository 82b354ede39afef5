import FoundationEssentials
import ORKit
import Testing

@testable import orkd

@Suite("error answers")
struct ErrorAnswerTests {
    @Test("an OpenAI SDK finds message, type, param, code and the request id [K-04]")
    func openAIShape() throws {
        let id = RequestID(raw: 123_456_789)
        let answer = ErrorAnswer(.clientUnknown, message: "say \"hello\"\n", requestID: id, status: 401)
        let body = try JSONDecoder().decode(OpenAIErrorBody.self, from: Data(answer.body))
        #expect(body.error.message == "say \"hello\"\n")
        #expect(body.error.type == "authentication_error")
        #expect(body.error.code == "client-unknown")
        #expect(body.error.requestID == id.description)
        #expect(field("X-Error-Type", of: answer) == "authentication_error")
    }

    @Test("an Anthropic SDK finds its own envelope on messages")
    func anthropicShape() throws {
        struct Envelope: Decodable {
            struct Detail: Decodable { var type, message, code: String }
            var type: String
            var error: Detail
            var requestID: String?
            private enum CodingKeys: String, CodingKey {
                case type, error
                case requestID = "request_id"
            }
        }
        let answer = ErrorAnswer(.overloaded, dialect: .anthropic, requestID: RequestID(raw: 7), status: 503)
        let body = try JSONDecoder().decode(Envelope.self, from: Data(answer.body))
        #expect(body.type == "error")
        #expect(body.error.type == "overloaded_error")
        #expect(body.error.code == "overloaded")
        #expect(body.requestID == RequestID(raw: 7).description)
    }

    @Test("a wait is rounded up and never below one second")
    func retryAfter() {
        #expect(retryAfter(1) == "1")
        #expect(retryAfter(1000) == "1")
        #expect(retryAfter(1001) == "2")
        #expect(retryAfter(-5) == "1")
        #expect(retryAfter(.max) == "9223372036854776")
        #expect(retryAfter(nil) == nil)
    }

    @Test("an SDK is told to retry only what passes soon")
    func shouldRetry() {
        #expect(shouldRetry(.draining, 503, nil) == "true")
        #expect(shouldRetry(.allKeysResting, 429, 30_000) == "true")
        #expect(shouldRetry(.allKeysResting, 429, 3_600_000) == "false")
        #expect(shouldRetry(.tooManyFailures, 429, 30_000) == "false")
        #expect(shouldRetry(.noUpstreamKey, 503, nil) == "false")
        #expect(shouldRetry(.upstreamError, 502, nil) == "false")
        #expect(shouldRetry(.badRequest, 400, 1000) == "false")
    }

    @Test("the empty pool says the words that the troubleshooting page names")
    func emptyPool() {
        #expect(ErrorAnswer(.noUpstreamKey).text.contains("No available API keys"))
    }

    @Test("what was tried is listed with masked keys")
    func tried() throws {
        let answer = ErrorAnswer(
            .allKeysResting,
            tried: [
                .init(maskedKey: "sk-or-v1-…9c41", status: 429, cause: "rate-limited"),
                .init(maskedKey: "sk-or-v1-…77ab", status: nil, cause: "unreachable"),
            ], status: 429)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains(#"{"key":"sk-or-v1-…9c41","status":429,"cause":"rate-limited"}"#))
        #expect(text.contains(#""status":null,"cause":"unreachable""#))
        _ = try JSONDecoder().decode(OpenAIErrorBody.self, from: Data(answer.body))
    }

    @Test(
        "an error inside a stream is one event, whatever its text",
        arguments: ["plain", "two\nlines\r\n\r\n"])
    func event(message: String) {
        for dialect in [ErrorDialect.openai, .responses, .anthropic] {
            let event = String(
                decoding: ErrorAnswer(.upstreamTruncated, message: message, dialect: dialect).event,
                as: UTF8.self)
            #expect(event.hasSuffix("\n\n"))
            #expect(!event.dropLast(2).contains("\n\n"), "one event only")
            #expect(!event.contains("[DONE]"))
            #expect(event.contains("upstream-truncated"))
        }
    }

    @Test("every code makes valid JSON in every dialect")
    func everyCode() throws {
        for code in ErrorCode.allCases {
            for dialect in [ErrorDialect.openai, .responses, .anthropic] {
                let answer = ErrorAnswer(code, dialect: dialect)
                _ = try JSONDecoder().decode([String: AnyValue].self, from: Data(answer.body))
                #expect((400...599).contains(answer.status), "\(code)")
            }
        }
    }

    @Test("control characters and quotes survive the way through JSON")
    func escaping() throws {
        let wild = String(String.UnicodeScalarView((0..<0x100).compactMap(Unicode.Scalar.init)))
        var json = JSONText()
        json.string(wild)
        #expect(try JSONDecoder().decode(String.self, from: Data(json.bytes)) == wild)
    }

    private struct AnyValue: Decodable { init(from decoder: any Decoder) throws {} }

    private func field(_ name: String, of answer: ErrorAnswer) -> String? {
        answer.fields.first { $0.0 == name }?.1
    }

    private func retryAfter(_ milliseconds: Int64?) -> String? {
        field("Retry-After", of: ErrorAnswer(.draining, retryAfterMilliseconds: milliseconds))
    }

    private func shouldRetry(_ code: ErrorCode, _ status: Int, _ milliseconds: Int64?) -> String? {
        field("x-should-retry", of: ErrorAnswer(code, retryAfterMilliseconds: milliseconds, status: status))
    }
}
