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

/// Looks at the held beginning of a stream before anything of it goes to the
/// caller (ruling 38). Pure and stateless: called again with more bytes.
package enum FirstEvent {
    /// How much of a JSON body is held back at most for its verdict, which
    /// `AnswerScanner.beginning` gives.
    package static let jsonPrefix = 4096

    /// Looks at the first event with data, comments and `ping` apart.
    ///
    /// - Parameter held: the stream from its first byte.
    package static func inspect(_ held: UnsafeRawBufferPointer, skin: Skin) -> FirstEventVerdict {
        guard let base = held.baseAddress else { return .undecided }
        let count = held.count
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
