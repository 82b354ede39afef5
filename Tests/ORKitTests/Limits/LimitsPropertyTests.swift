import Foundation
import Testing

@testable import ORKit

@Suite("Random courses of limits")
struct LimitsPropertyTests {
    /// Operations of a course; `ORK_LIMIT_OPERATIONS` for more.
    private static let operations =
        ProcessInfo.processInfo.environment["ORK_LIMIT_OPERATIONS"].flatMap(Int.init) ?? 12_000

    @Test(
        "no true window ever holds more than its limit, a refusal is early by a sixtieth at most and says when it ends",
        arguments: [false, true])
    func courses(jumps: Bool) {
        var course = LimitCourse(seed: 5, jumps: jumps)
        course.run(Self.operations)
        #expect(course.violations.isEmpty)
        for event in LimitKind.allCases.map(\.text) + [
            "admitted", "end", "row", "restart", jumps ? "jump" : "change",
        ] {
            #expect(course.events[event, default: 0] >= 20, "\(event) happened too rarely")
        }
    }

    @Test(
        "a mistake is found",
        arguments: [
            LimitCourse.Fault.forgetsAtRestart, .forgetsRows, .followsTheCalendar, .dispatchesTheRefused,
        ])
    func faults(fault: LimitCourse.Fault) {
        var course = LimitCourse(seed: 7, jumps: true, fault: fault)
        course.run(12_000)
        #expect(!course.violations.isEmpty)
    }
}
