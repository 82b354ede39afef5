import ORKit

/// Cuts a file of keys into what tells of one key each.
enum ImportSplitter {
    case lines(LineSplitter)
    case elements(ElementSplitter)

    init(_ format: ImportOptions.Format?) {
        self = format == .json ? .elements(ElementSplitter()) : .lines(LineSplitter())
    }

    mutating func feed(
        _ bytes: UnsafeRawBufferPointer, _ take: (Int, LineSplitter.Line) throws -> Void
    ) rethrows {
        switch self {
        case .lines(var lines):
            defer { self = .lines(lines) }
            try lines.feed(bytes, take)
        case .elements(var elements):
            defer { self = .elements(elements) }
            try elements.feed(bytes, take)
        }
    }

    /// - Throws: `bad-format` for a document that holds no list, or ends in
    ///   its middle.
    mutating func finish(_ take: (Int, LineSplitter.Line) throws -> Void) throws {
        switch self {
        case .lines(var lines): try lines.finish(take)
        case .elements(let elements):
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
}
