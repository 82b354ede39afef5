import ORKit

/// Cuts a file of keys into what tells of one key each.
struct ImportSplitter {
    private var lines = LineSplitter()
    /// Nil: the file is lines.
    private var elements: ElementSplitter?

    init(_ format: ImportOptions.Format?) { elements = format == .json ? ElementSplitter() : nil }

    mutating func feed(
        _ bytes: UnsafeRawBufferPointer, _ take: (Int, LineSplitter.Line) throws -> Void
    ) rethrows {
        guard elements != nil else { return try lines.feed(bytes, take) }
        try elements?.feed(bytes, take)
    }

    /// - Throws: `bad-format` for a document that holds no list, or ends in
    ///   its middle.
    mutating func finish(_ take: (Int, LineSplitter.Line) throws -> Void) throws {
        guard let elements else { return try lines.finish(take) }
        guard elements.hasList else {
            throw CodedError(
                .badFormat, "the document has no list of keys",
                hints: ["it must be an array, or an object with an array called “items”"])
        }
        guard !elements.isOpen else {
            throw CodedError(
                .badFormat, "the document ends in its middle",
                hints: ["import it again when it is whole; keys that were added are left as they are"])
        }
    }
}
