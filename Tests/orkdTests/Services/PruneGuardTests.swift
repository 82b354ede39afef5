import ORKit
import Testing

@testable import orkd

@Suite("guards and patterns")
struct PruneGuardTests {
    private func passes(_ count: Int, of total: Int, _ limit: String? = nil) -> Bool {
        (try? PruneGuard.check(count, of: total, limit: limit, noun: "keys")) != nil
    }

    @Test("the guard lets through a tenth, or ten, and never everything")
    func limits() {
        #expect(passes(0, of: 0))
        #expect(passes(10, of: 50))
        #expect(!passes(11, of: 50))
        #expect(passes(21, of: 217))
        #expect(!passes(22, of: 217))
        #expect(!passes(3, of: 3))
        #expect(!passes(3, of: 3, "5"))
        #expect(passes(3, of: 3, "none"))
        #expect(passes(64, of: 217, "64"))
        #expect(!passes(1, of: 217, "0"))
        #expect(!passes(1, of: 217, "many"))
        #expect(!passes(1, of: 217, "-1"))
    }

    @Test("the refusal says how many and how to go on")
    func words() {
        #expect {
            try PruneGuard.check(64, of: 217, limit: nil, noun: "keys")
        } throws: { error in
            let error = error as? CodedError
            return error?.code == .tooMany
                && error?.message == "would remove 64 of 217 keys, more than the guard of 21"
                && error?.hints.last == "raise the guard:   orkctl keys prune --max 64"
        }
    }

    @Test(
        "a glob matches whole texts",
        arguments: [
            ("main-*", "main-1", true), ("main-*", "main-", true), ("main-*", "xmain-1", false),
            ("*", "", true),
            ("?", "a", true), ("?", "", false), ("a*b*c", "a1b2c", true), ("a*b*c", "a1b2", false),
            ("*-1", "main-11-1", true), ("openai/*", "openai/gpt-5", true), ("[a]", "a", false),
            ("**a", "bba", true),
        ])
    func glob(_ pattern: String, _ text: String, _ expected: Bool) {
        #expect(Glob(pattern).matches(text) == expected)
    }

    @Test("a hostile glob costs no more than pattern times text")
    func hostileGlob() {
        let pattern = Glob(String(repeating: "*a", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }
}
