/// From the path of a request to what may be done with it.
///
/// Paths are not normalised but judged: whatever two servers could resolve
/// differently (dot segments, doubled or encoded separators, encoded letters)
/// is refused, so what was permitted is what the upstream sees
/// (reliability.md B4-3).
package enum TargetPath {
    /// - Parameter path: the request target up to `?`.
    package static func decide(method: RequestMethod, path: UnsafeRawBufferPointer) -> PathDecision {
        guard let base = path.baseAddress, path.count > 0, base.byte(0) == 0x2F else {
            return .refused(.badPath, "no-leading-slash")
        }
        let prefix = Prefix(base, count: path.count)
        if let prefix,
            let known = KnownPath.of(base + prefix.length, count: path.count - prefix.length, method)
        {
            return .proxy(known)
        }
        if let rule = PathSyntax.fault(base, count: path.count) {
            let depth = prefix?.depth ?? 0
            return .refused(PathSyntax.leaves(path, depth: depth) ? .pathUnknown : .badPath, rule)
        }
        guard let prefix else { return .web }
        let tail = UnsafeRawBufferPointer(start: base + prefix.length, count: path.count - prefix.length)
        if prefix.isManagement, PathClasses.isReserved(tail) { return .reserved }
        let (pathClass, skin) = PathClasses.classify(method, tail)
        return .proxy(ProxyPath(upstream: Array("/v1".utf8) + tail, class: pathClass, skin: skin))
    }

    /// One of the spellings below which everything is proxied: what follows
    /// it is empty or begins with `/`.
    private struct Prefix {
        let length: Int
        /// Segments of the prefix.
        let depth: Int
        /// Below it lie the reserved names too.
        let isManagement: Bool

        @inline(__always)
        init?(_ base: UnsafeRawPointer, count: Int) {
            func begins(_ text: StaticString) -> Bool {
                let length = text.utf8CodeUnitCount
                guard count >= length, base.matches(text, at: 0) else { return false }
                return count == length || base.byte(length) == 0x2F
            }
            isManagement = count > 1 && base.byte(1) == 0x61
            if begins("/v1") {
                (length, depth) = (3, 1)
            } else if begins("/api/v1") {
                (length, depth) = (7, 2)
            } else if begins("/openrouter/v1") {
                (length, depth) = (14, 2)
            } else if begins("/openrouter") {
                (length, depth) = (11, 1)
            } else {
                return nil
            }
        }
    }
}

/// The paths that nearly every request has: recognised without looking at
/// single characters, and without an allocation.
private struct KnownPath {
    static let chat = path("/v1/chat/completions", .inference, .chat)
    static let completions = path("/v1/completions", .inference, .completions)
    static let responses = path("/v1/responses", .inference, .responses)
    static let messages = path("/v1/messages", .inference, .messages)
    static let embeddings = path("/v1/embeddings", .inference, .embeddings)
    static let models = path("/v1/models", .catalogue, .models)

    private static func path(_ text: String, _ pathClass: PathClass, _ skin: Skin) -> ProxyPath {
        ProxyPath(upstream: Array(text.utf8), class: pathClass, skin: skin)
    }

    @inline(__always)
    static func of(_ tail: UnsafeRawPointer, count: Int, _ method: RequestMethod) -> ProxyPath? {
        if method == .post {
            switch count {
            case 17: if tail.matches("/chat/completions", at: 0) { return chat }
            case 12: if tail.matches("/completions", at: 0) { return completions }
            case 11: if tail.matches("/embeddings", at: 0) { return embeddings }
            case 10: if tail.matches("/responses", at: 0) { return responses }
            case 9: if tail.matches("/messages", at: 0) { return messages }
            default: break
            }
        } else if method == .get, count == 7, tail.matches("/models", at: 0) {
            return models
        }
        return nil
    }
}
