import NIOCore
import ORKit

/// The head of the upstream's answer to one request, with the bytes that it
/// refers to. It is looked at in its place: a copy counts the references to
/// both its arrays, and a request is not to pay for that at every look.
struct AnswerHead: ~Copyable {
    private var head = ResponseHead()
    private var source = ByteBuffer()

    var status: UInt16 { head.status }
    var framing: BodyFraming { head.framing }
    var format: AnswerFormat { head.format }
    var keepAlive: Bool { head.keepAlive }
    func has(_ kind: FieldKind) -> Bool { head.has(kind) }
    /// Bytes that it was received in.
    var length: Int { source.readableBytes }

    mutating func take(_ head: borrowing ResponseHead, source: ByteBuffer) {
        self.head = copy head
        self.source = source
    }

    /// It is written: only what it said is kept, not the bytes.
    mutating func letGoOfSource() { source = ByteBuffer() }

    /// - Parameter body: gets the bytes that the head refers to besides.
    func read<Answer>(_ body: (borrowing ResponseHead, UnsafeRawBufferPointer) -> Answer) -> Answer {
        source.withUnsafeReadableBytes { body(head, $0) }
    }

    /// The value of the first field of that kind.
    func text(of kind: FieldKind) -> String? {
        guard let field = head.first(kind) else { return nil }
        return read { _, source in String(decoding: source.part(field.value), as: UTF8.self) }
    }
}
