import ORKTestSupport
import ORKit
import Testing

@Suite("Answers as others read them", .serialized) struct ResponseDifferentialTests {
    @Test("every answer of a real server is accepted and read as others read it")
    func corpus() async throws {
        let corpus = try HeadCorpus.responses()
        #expect(corpus.samples.count >= 100)
        var rules: OwnReading.Rules = [:]
        for sample in corpus.samples {
            let reading = OwnReading.responses(sample.bytes, answering: .get, counting: &rules)
            #expect(reading.messages.map(\.body) == [sample.body], "\(sample)")
            #expect(reading.messages.allSatisfy { $0.isComplete }, "\(sample)")
        }
        #expect(rules.isEmpty)
        let outcome = try await DifferentialRun().responses(corpus.samples.map(\.bytes), answering: .get)
        #expect(outcome.disagreements.isEmpty, "\(outcome.disagreements.prefix(3))")
    }

    @Test("odd bytes in framing fields are refused or read as others read them")
    func framing() async throws {
        let outcome = try await DifferentialRun().responses(FramingCases.responses, answering: .get)
        print("framing of answers: \(outcome)")
        #expect(outcome.disagreements.isEmpty, "\(outcome.disagreements.prefix(3))")
    }

    @Test("an answer to HEAD has no body for anybody, whatever its head says")
    func head() async throws {
        // httptools cannot be told that the request was a HEAD.
        var run = DifferentialRun()
        run.references = References(["h11"])
        let outcome = try await run.responses(FramingCases.responses, answering: .head)
        #expect(outcome.disagreements.isEmpty, "\(outcome.disagreements.prefix(3))")
        #expect(outcome.accepted > 0)
    }

    @Test("no broken answer is read differently by h11, by httptools or by NIO")
    func broken() async throws {
        let mutator = StreamMutator(try HeadCorpus.responses(), areRequests: false)
        var dice = Seed.current.generator("response differential")
        var left = DifferentialSize.streams / 2
        while left > 0 {
            let streams = (0..<min(left, DifferentialSize.slice)).map { _ in mutator.stream(using: &dice) }
            left -= streams.count
            let outcome = try await DifferentialRun().responses(streams, answering: .get)
            print("answers: \(outcome)")
            #expect(outcome.disagreements.isEmpty, "\(Seed.current) \(outcome.disagreements.prefix(3))")
            #expect(outcome.accepted > streams.count / 10)
        }
    }
}
