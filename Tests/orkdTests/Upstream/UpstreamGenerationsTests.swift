import ORKit
import Testing

@testable import orkd

@Suite("The upstream's record of a generation")
struct UpstreamGenerationsTests {
    private func read(_ status: Int, _ body: String) -> Inquiry.Answer {
        UpstreamGenerations.read(.init(status: status, body: Array(body.utf8), milliseconds: 1))
    }

    @Test("the provider's own tokens count, and the total cost, exponents and all")
    func record() {
        var usage = Usage()
        (usage.prompt, usage.completion, usage.total) = (8, 17, 25)
        (usage.cached, usage.reasoning) = (4, 3)
        usage.cost = Money(pico: 12_000_000)
        #expect(
            read(
                200,
                #"{"data":{"id":"g","total_cost":1.2e-05,"usage":1,"tokens_prompt":9,"tokens_completion":9,"#
                    + #""native_tokens_prompt":8,"native_tokens_completion":17,"native_tokens_cached":4,"#
                    + #""native_tokens_reasoning":3}}"#) == .known(usage))
    }

    @Test("without its own count the router's counts")
    func otherCount() {
        var usage = Usage()
        (usage.prompt, usage.completion, usage.total) = (9, 2, 11)
        usage.cost = .zero
        #expect(
            read(
                200,
                #"{"data":{"usage":0,"tokens_prompt":9,"tokens_completion":2,"native_tokens_prompt":null}}"#)
                == .known(usage))
    }

    @Test("404 is not known; whatever else is no record proves nothing")
    func noRecord() {
        #expect(read(404, #"{"error":{"code":404}}"#) == .notFound)
        for (status, body) in [
            (200, "{}"), (200, #"{"data":{}}"#), (200, "<html>"), (200, #"{"data":{"total_cost":-1}}"#),
            (200, #"{"data":{"total_cost":null}}"#), (401, ""), (429, ""), (500, ""), (302, ""),
        ] {
            #expect(read(status, body) == .unavailable, "\(status) \(body)")
        }
    }
}
