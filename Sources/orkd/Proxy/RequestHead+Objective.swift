import NIOCore
import ORKit

extension RequestHead {
    /// What the caller wants of the key that serves (PO-02); nil when it says
    /// nothing, says it twice, or in words that mean nothing.
    borrowing func objective(in source: ByteBuffer) -> Objective? {
        guard let field = first(.objective), count(of: .objective) == 1 else { return nil }
        return source.withUnsafeReadableBytes { Objective(text: $0.part(field.value)) }
    }
}
