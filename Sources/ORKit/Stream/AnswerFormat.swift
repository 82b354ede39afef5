// Stream: the byte machines of the data path. Bytes in, ranges and facts out.
// Here: heads, framing, paths, the fields of a request body, the watch over an answer.
// Not here: sockets, clocks, decisions about keys. Imports nothing; traps on no input.

/// What the body of an answer is, as far as its watcher is concerned.
package enum AnswerFormat: Hashable, Sendable {
    case json
    /// `text/event-stream`.
    case sse
    /// Anything else, and anything with a content coding: relayed unseen
    /// (ruling 6).
    case opaque

    /// From the values of `Content-Type` and `Content-Encoding`; nil means
    /// that the field is absent.
    package init(contentType: UnsafeRawBufferPointer?, contentEncoding: UnsafeRawBufferPointer?) {
        self = .opaque
        if let contentEncoding, !contentEncoding.isFolded("identity") { return }
        guard let contentType else { return }
        let end =
            contentType.firstIndex { $0 == 0x3B || $0 == ASCII.space || $0 == ASCII.tab } ?? contentType.count
        let media = contentType.part(0..<end)
        if media.isFolded("text/event-stream") {
            self = .sse
        } else if media.isFolded("application/json") {
            self = .json
        } else if media.count > 17, media.part(0..<12).isFolded("application/"),
            media.part(media.count - 5..<media.count).isFolded("+json")
        {
            self = .json
        }
    }
}
