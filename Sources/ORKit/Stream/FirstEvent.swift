/// What the beginning of an answer says about whether it may go out.
package enum FirstEventVerdict: Hashable, Sendable {
    /// Nothing of substance yet: hold on.
    case undecided
    /// The answer has begun; relay it.
    case commit
    /// It is an error under a status of 200: the JSON text of the event or of
    /// the body, as far as it is there. Another key may still serve.
    case error(Range<Int>)
}

/// Looks at the held beginning of an answer before anything of it goes to the
/// caller (ruling 38). Pure and stateless: called again with more bytes.
package enum FirstEvent {
    /// How much of a JSON body is looked at.
    package static let jsonPrefix = 4096

    /// - Parameter held: the body from its first byte.
    package static func inspect(
        _ held: UnsafeRawBufferPointer, format: AnswerFormat, skin: Skin
    ) -> FirstEventVerdict {
        guard let base = held.baseAddress, held.count > 0 else {
            return format == .opaque ? .commit : .undecided
        }
        switch format {
        case .opaque: return .commit
        case .json: return inspectJSON(base, held.count)
        case .sse: return inspectEvents(base, held.count, skin)
        }
    }

    private static func inspectJSON(_ base: UnsafeRawPointer, _ count: Int) -> FirstEventVerdict {
        var watch = JSONWatch(nesting: .flat)
        let looked = min(count, jsonPrefix)
        let end = watch.feed(base, from: 0, to: looked)
        let isError = watch.seen.hasError || watch.seen.hasFailedChoice
        if watch.isDone { return isError ? .error(0..<end) : .commit }
        if watch.isLost { return .commit }
        if looked < jsonPrefix { return .undecided }
        return isError ? .error(0..<looked) : .commit
    }

    /// The first event with data, comments and `ping` apart.
    private static func inspectEvents(_ base: UnsafeRawPointer, _ count: Int, _ skin: Skin)
        -> FirstEventVerdict
    {
        var lines = EventLines()
        var watch = JSONWatch(nesting: .any)
        var data: Range<Int>?
        var at = 0
        while true {
            switch lines.next(base, at: &at, to: count) {
            case .needMore: return .undecided
            case .data(let from, let to):
                data = (data?.lowerBound ?? from)..<to
                _ = watch.feed(base, from: from, to: to)
            case .dataBreak, .named: break
            case .end:
                let name = lines.name.withUnsafeBytes { Sightings.Kind($0) }
                if let text = data {
                    let kind = watch.seen.kind
                    let isPing = (name == .ping || kind == .ping) && (skin == .messages || skin == .other)
                    if name == .error || kind == .error || kind == .failed { return .error(text) }
                    if watch.seen.hasError || watch.seen.hasFailedChoice { return .error(text) }
                    if !isPing { return .commit }
                }
                data = nil
                watch.reset()
                lines.clearEvent()
            }
        }
    }
}
