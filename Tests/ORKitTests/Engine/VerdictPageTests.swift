import Testing

@testable import ORKit

/// `docs/upstream-faults.md` held against the classifier, and the classifier
/// against the page.
@Suite("The page of verdicts")
struct VerdictPageTests {
    static let page = Result { try VerdictPage.read() }
    let page: VerdictPage

    init() throws { page = try Self.page.get() }

    @Test("an answer means what its row says", arguments: ErrorSample.all)
    func means(sample: ErrorSample) throws {
        let row = try #require(page.rows.first { $0.id == sample.id })
        let verdict = Classifier.classify(sample.heard, at: ErrorSample.now)
        #expect(verdict.rule == row.rule)
        #expect(verdict.scope.rawValue == row.scope)
        #expect(verdict.cause.name == row.cause)
        #expect(verdict.remedy.word == row.then)
        #expect(verdict.statedUntil?.rfc3339 == row.until)
        #expect((verdict.statedUntil == nil) == (verdict.statedBy == nil))
        #expect(verdict.evidence == row.evidence)
        #expect(verdict.fingerprint != 0)
    }

    @Test("every row has an answer on file, every answer a row, and no id comes twice")
    func bothWays() throws {
        let rows = page.rows.map(\.id)
        let samples = try ErrorSample.files().map(\.id)
        #expect(Set(rows).symmetricDifference(samples).sorted() == [])
        #expect(Set(rows).count == rows.count && Set(samples).count == samples.count)
        #expect(rows == page.courses.map(\.id))
    }

    @Test("every rule has a row, every row names a rule, and no table has a name twice")
    func rules() {
        var rules: Set<String> = []
        for dialect in Dialect.allCases {
            let names = Rule.table(for: dialect).map(\.name)
            #expect(Set(names).count == names.count, "\(dialect)")
            rules.formUnion(names)
        }
        let withoutAnswer: [TransportFailure] = [
            .refused, .timedOutConnecting, .tls(""), .dns, .resetBeforeHead, .slowHead, .protocolError(""),
            .truncated, .stalled, .redirect, .addressRefused,
        ]
        rules.formUnion(withoutAnswer.map { Classifier.classify(transport: $0).rule })
        #expect(rules.symmetricDifference(page.rows.map(\.rule)).sorted() == [])
    }

    @Test("the page counts its rows, rules and cells right, and names no row that is not there")
    func counts() {
        let rules = Set(page.rows.map(\.rule)).count
        let cells = 2 * (page.courses.count + page.everyKey.count)
        #expect(page.text.contains("\(page.rows.count) rows, \(rules) rules, \(cells) cells."))
        let known = Set(page.rows.map(\.id) + page.everyKey.map(\.id))
        let named = page.faults.flatMap(\.rows) + page.everyKey.map(\.heard)
        #expect(named.filter { !known.contains($0) } == [] && page.faults.count >= 30)
        #expect(Set(page.everyKey.map(\.id)).isDisjoint(with: page.rows.map(\.id)))
    }

    @Test("a planted cell, line and file of the wrong form are refused")
    func planted() throws {
        let good = "429 all-keys-resting, again in 57 s · 1 ? · 3 heads + 3 s"
        #expect(VerdictCell(good) != nil)
        for bad in [
            "200", "200 · 2", "429 no-such-code · 1 · 0 s", "404 · 1 · 0 s", "200 as it went · 1 · 0 s",
            "200 · two · 0 s", "200 · 2 · soon",
        ] {
            #expect(VerdictCell(bad) == nil, "\(bad)")
        }
        #expect(throws: VerdictPage.Malformed.self) { try VerdictPage("| a | 200 · 2 | 200 · 2 · 0 s | – |") }
        #expect(throws: VerdictPage.Malformed.self) { try VerdictPage("| a | b | c |") }
    }
}
