/// The paths that a router serves and their methods, to tell an unknown path
/// from a wrong method, and to accept each path in exactly one spelling: the
/// router itself would take `//v1//status/` for `/v1/status`.
struct KnownPaths: Sendable {
    /// A segment in braces stands for any one that is not empty.
    private let entries: [(segments: [Substring], method: String)]

    /// - Parameter routes: pairs of method and path.
    init(_ routes: [(method: String, path: String)]) {
        entries = routes.map { (Self.segments($0.path), $0.method) }
    }

    /// The methods of a path in the order they were listed, none when the
    /// path is unknown.
    func methods(of path: some StringProtocol) -> [String] {
        let segments = Self.segments(String(path))
        let fitting = entries.filter { Self.matches(segments, $0.segments) }
        // A path that is listed as it stands is nothing else, as for the router.
        let literal = fitting.filter { !$0.segments.contains { $0.hasPrefix("{") } }
        return (literal.isEmpty ? fitting : literal).map(\.method)
    }

    private static func segments(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }

    private static func matches(_ segments: [Substring], _ pattern: [Substring]) -> Bool {
        segments.count == pattern.count
            && zip(segments, pattern).allSatisfy { segment, wanted in
                wanted.hasPrefix("{") ? !segment.isEmpty : segment.utf8.elementsEqual(wanted.utf8)
            }
    }
}
