/// The models that a client may use.
package struct AllowedModels: Sendable, Hashable {
    package let patterns: [BytePattern]

    package init(_ patterns: [BytePattern]) { self.patterns = patterns }

    /// Presets, aliases and routers stand for models that somebody else
    /// chooses, so only an entry that is exactly their name lets them through
    /// (ruling 26). The same for a name that is no plain text: the upstream
    /// may take it for another one.
    package func permits(_ model: String) -> Bool {
        let literalOnly = Self.standsForOthers(model)
        return patterns.contains { (!literalOnly || $0.isLiteral) && $0.matches(model) }
    }

    /// `@preset/…`, `model@preset/…`, `~vendor/latest`, `openrouter/…`,
    /// whatever the case of their letters.
    static func standsForOthers(_ model: String) -> Bool {
        let bytes = model.utf8
        guard let first = bytes.first, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return true }
        if first == 0x7E || bytes.contains(0x40) { return true }
        return bytes.count >= router.count
            && zip(bytes, router).allSatisfy { ASCII.folded($0) == $1 }
    }

    private static let router = Array("openrouter/".utf8)
}
