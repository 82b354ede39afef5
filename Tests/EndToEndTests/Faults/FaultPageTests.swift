import Foundation
import ORKTestSupport
import Testing

/// `docs/faults.md` is the table; the tests run it. Neither changes alone.
@Suite("The page of faults") struct FaultPageTests {
    @Test(
        "it says line by line what the tests expect of the upstream's, the accounts' and the callers' faults")
    func page() throws {
        let path = BuiltPrograms.packageRoot + "/docs/faults.md"
        let page = try String(contentsOfFile: path, encoding: .utf8)
        let lines = page.split(separator: "\n").map(String.init).filter { $0.hasPrefix("| ") }
        let said = lines.filter { !$0.hasPrefix("| what ") && !$0.hasPrefix("| ---") }
        let expected =
            UpstreamFault.all.map(\.line) + AccountFault.all.map(\.line) + CallerFault.all.map(\.line)
        for (said, expected) in zip(said, expected) { #expect(said == expected) }
        #expect(said.count == expected.count)
        let upstream = UpstreamFault.all.reduce(0) { $0 + ($1.one == nil ? 2 : 4) }
        let caller = CallerFault.all.reduce(0) { $0 + $1.ways.count * $1.turns.count }
        let account = AccountFault.all.count * Form.allCases.count
        #expect(
            page.contains(
                "\(upstream) cells of the upstream's, \(account) of the accounts' and \(caller) of the caller's"
            ))
    }

    @Test("no fault has the name of another: each has a model of its own")
    func names() {
        let names = UpstreamFault.all.map(\.name) + AccountFault.all.map(\.name) + CallerFault.all.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
