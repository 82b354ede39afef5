import Foundation
import Testing

@testable import ORKit

@Suite("Random courses of the ledger")
struct LedgerPropertyTests {
    /// Operations of a course; `ORK_LEDGER_OPERATIONS` for more.
    private static let operations =
        ProcessInfo.processInfo.environment["ORK_LEDGER_OPERATIONS"].flatMap(Int.init) ?? 12_000

    @Test("books, lines that wait and lines on disk agree with sums from scratch, over every crash")
    func courses() {
        var course = LedgerCourse(seed: 11)
        course.run(Self.operations)
        #expect(course.violations == [])
        for event in [
            "a move", "an uncovered deduction", "an admission", "a refusal", "a growth", "no more to hold",
            "an end",
            "an end beyond its hold", "a commit", "a failed commit", "a crash",
        ] {
            #expect(course.events[event, default: 0] >= 20, "\(event) happened too rarely")
        }
        print("ledger: \(Self.operations) operations, \(course.events.sorted { $0.key < $1.key })")
    }

    @Test("a guard that is left out is missed", arguments: LedgerCourse.Fault.allCases)
    func faults(fault: LedgerCourse.Fault) {
        var course = LedgerCourse(seed: 12, fault: fault)
        course.run(12_000)
        #expect(!course.violations.isEmpty)
    }
}
