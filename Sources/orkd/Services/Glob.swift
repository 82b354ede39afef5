/// A pattern of names: `*` stands for any text, `?` for one character,
/// everything else for itself.
struct Glob: Sendable, Hashable {
    private let pattern: [Character]

    init(_ text: some StringProtocol) { pattern = Array(text) }

    /// Whether a selector means a pattern, not a name.
    static func isGlob(_ text: some StringProtocol) -> Bool { text.contains { $0 == "*" || $0 == "?" } }

    /// Time is at most pattern times text, whatever the pattern.
    func matches(_ text: some StringProtocol) -> Bool {
        let text = Array(text)
        var (at, place) = (0, 0)
        /// Where to go on when the last star has to stand for one more.
        var retry: (at: Int, place: Int)?
        while at < text.count {
            if place < pattern.count, pattern[place] == "*" {
                retry = (at, place + 1)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == text[at] {
                at += 1
                place += 1
            } else if let last = retry {
                retry = (last.at + 1, last.place)
                (at, place) = (last.at + 1, last.place)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
