// ORKTestSupport: what tests need to drive the built programs and to say what they prove.
// Here: the daemon under test, a raw network client, the search for leaked secrets, seeds, clocks, the trait.
// Not here: tests, or a way round the programs' own interfaces. May import Testing, Foundation, NIO, MockUpstream, ORKit.

public import Testing

/// Says which capabilities a test proves: `.proves("CK-07")`.
///
/// A test of the house reads the source with `ProofIndex` and lists the ids
/// that no test names.
public struct Proves: TestTrait, SuiteTrait {
    public let ids: [String]
    public var isRecursive: Bool { false }
    public var comments: [Comment] { ids.map { Comment(rawValue: "proves \($0)") } }
}

extension Trait where Self == Proves {
    /// The ids of the capability table that this test is the proof of.
    public static func proves(_ ids: String...) -> Proves { Proves(ids: ids) }
}
