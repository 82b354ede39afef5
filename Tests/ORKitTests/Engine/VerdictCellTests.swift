import Testing

@testable import ORKit

/// The cells of `docs/upstream-faults.md`, each played on a pool of its own.
@Suite("What comes of a verdict")
struct VerdictCellTests {
    let page: VerdictPage
    let samples: [String: ErrorSample]

    init() throws {
        page = try VerdictPageTests.page.get()
        samples = Dictionary(try ErrorSample.files().map { ($0.id, $0) }) { first, _ in first }
    }

    @Test("with one key")
    func oneKey() throws {
        for course in page.courses {
            let sample = try #require(samples[course.id])
            var desk = desk(keys: 1)
            expect(course.oneKey, sample, course.id, &desk) { _ in .heard(sample.heard) }
            // A good answer after the wait has shown that it is over.
            if course.oneKey.isWaitedFor { continue }
            try expectLeft(course.leftBehind, of: sample, attempts: course.oneKey.attempts, desk, course.id)
        }
    }

    @Test("with three accounts, of which the first hears it")
    func threeAccounts() throws {
        for course in page.courses {
            let sample = try #require(samples[course.id])
            let isForAll = course.threeAccounts.told != .good
            var desk = desk(keys: 3)
            expect(course.threeAccounts, sample, course.id, &desk) { key in
                key == 1 || isForAll ? .heard(sample.heard) : .ok
            }
            if course.threeAccounts.isWaitedFor { continue }
            try expectLeft(course.leftBehind, of: sample, attempts: 1, desk, course.id)
            if !isForAll { #expect(desk.state(3) == .usable && desk.engine.count == 3, "\(course.id)") }
        }
    }

    @Test("when every key hears it")
    func everyKey() throws {
        for course in page.everyKey {
            let sample = try #require(samples[course.heard])
            for (cell, keys) in [(course.oneKey, 1), (course.threeAccounts, 3)] {
                var desk = desk(keys: keys)
                expect(cell, sample, course.id, &desk) { _ in .heard(sample.heard) }
            }
        }
    }

    private func desk(keys: Int) -> EngineDesk {
        var desk = EngineDesk(keys: keys) { $0.account = "account-\($0.id.raw)" }
        desk.now = ErrorSample.now
        return desk
    }

    private func expect(
        _ cell: VerdictCell, _ sample: ErrorSample, _ name: String, _ desk: inout EngineDesk,
        _ reply: (Int) -> EngineDesk.Reply
    ) {
        let verdict = Classifier.classify(sample.heard, at: ErrorSample.now)
        if case .cut = cell.told {
            if let lease = try? desk.lease(sample.model) { desk.end(lease, .broken(verdict)) }
            return
        }
        // Who has waited for the stated end is answered well.
        var told: Set<Int> = []
        let course = desk.request(sample.model) { key in
            cell.isWaitedFor && !told.insert(key).inserted ? .ok : reply(key)
        }
        #expect(course.keys.count == cell.attempts, "\(name)")
        #expect((course.pauses.reduce(0, +) + 999) / 1000 == Int64(cell.pauses), "\(name)")
        switch cell.told {
        case .good: #expect(course.isServed, "\(name)")
        case .passed: #expect(course.isServed && verdict.remedy == .relay, "\(name)")
        case .refused(let status, let code):
            #expect(course.refusal?.status == status && course.refusal?.code == code, "\(name)")
            let again = course.refusal?.retryAfterMilliseconds.map { Int(($0 + 999) / 1000) }
            #expect(again == cell.again, "\(name)")
            #expect(cell.mayHaveRun == verdict.mayHaveRun, "\(name)")
        case .cut: break
        }
    }

    /// The first key bears what the row says, and nothing else.
    private func expectLeft(
        _ words: String, of sample: ErrorSample, attempts: Int, _ desk: EngineDesk, _ name: String
    ) throws {
        let facts = try desk.facts(1)
        let failures = facts.counters.failures + facts.counters.rateLimited
        let left = facts.rests.compactMap { phrase($0, sample.model) }.joined(separator: "; ")
        if facts.suspectSince != nil {
            #expect(words == "the key is suspect" && desk.state(1) == .suspect, "\(name)")
        } else if words == "–" {
            #expect(left.isEmpty && failures == 0, "\(name): \(left), \(failures)")
        } else if words.hasPrefix("the model rests at the provider") || words.hasPrefix("the network rests") {
            #expect(left.isEmpty, "\(name): \(left)")
        } else if words.hasPrefix("counts against") {
            let verdict = Classifier.classify(sample.heard, at: ErrorSample.now)
            #expect(words == "counts against \(subject(verdict.scope))", "\(name)")
            // A 429 that is no key's is no key's failure either.
            let counted = verdict.cause == .rateLimited ? 0 : Int64(attempts)
            #expect(left.isEmpty && failures == counted, "\(name): \(left), \(failures)")
        } else {
            #expect(left == words, "\(name)")
        }
    }

    private func subject(_ scope: FailureScope) -> String {
        scope == .modelAtProvider ? "the model at the provider" : "the \(scope.rawValue)"
    }

    private func phrase(_ rest: Rest, _ model: String) -> String? {
        guard let until = rest.untilMilliseconds.map(WallTime.init(milliseconds:)) else { return nil }
        let isShort = until.milliseconds(since: ErrorSample.now.wall) == 1000
        let when =
            isShort ? "for 1 s" : rest.stated ? "until \(until.rfc3339)" : "for \(guess(until)) s"
        let isMoney = rest.isExhaustion
        switch (rest.scope, rest.model) {
        case (.key, nil): return "the key is exhausted \(when)"
        case (.account, Rest.freeClass): return "free models rest on the account \(when)"
        case (.account, Rest.paidClass) where rest.cause == Cause.creditsOut.rawValue:
            return "the account is out of credit for paid models \(when)"
        case (.account, Rest.paidClass) where isMoney:
            return "the account is exhausted for paid models \(when)"
        case (.account, Rest.paidClass): return "paid models rest on the account \(when)"
        case (.account, nil): return "the account is out of credit for all models \(when)"
        case (.modelAtKey, model): return "the model rests on the key \(when)"
        case (.modelAtAccount, model): return "the model rests on the account \(when)"
        default: return "\(rest)"
        }
    }

    private func guess(_ until: WallTime) -> Int64 {
        until.milliseconds(since: ErrorSample.now.wall) / 1000
    }
}
