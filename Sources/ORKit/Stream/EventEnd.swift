/// Where whole events of a stream end.
package enum EventEnd {
    /// Behind the last empty line, which ends an event (WHATWG HTML, 9.2.6);
    /// nil: there is none. A line may end with CR, LF or both.
    package static func last(in bytes: UnsafeRawBufferPointer) -> Int? {
        var at = bytes.count
        while at >= 2 {
            let isPair = bytes[at - 1] == ASCII.lf && bytes[at - 2] == ASCII.cr
            let line = at - (isPair ? 2 : 1)
            if isLineEnd(bytes[at - 1]), line >= 1, isLineEnd(bytes[line - 1]) { return at }
            at -= 1
        }
        return nil
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == ASCII.lf || byte == ASCII.cr }
}
