/// What a request may take of limits on tokens, before anybody knows: reserved
/// when it is admitted, corrected when it ends.
package enum TokenEstimate {
    /// Of an answer whose length nobody bounded, and of a body that cannot be
    /// read.
    package static let answer: Int64 = 1000
    /// Of an image or a sound in the body.
    private static let medium: Int64 = 1000
    /// A longer run without a space or a sign is no text but such a medium.
    private static let longestWord = 2048
    /// Four bytes to a token, as text in English has it.
    private static let bytesToToken: Int64 = 4

    /// - Parameters:
    ///   - body: JSON, or its beginning.
    ///   - rest: bytes of the body that are not here yet.
    ///   - answer: tokens that the answer may have; nil: not bounded.
    ///   - answers: how many are wanted.
    package static func of(
        _ body: UnsafeRawBufferPointer, rest: Int64, answer: Int64?, answers: Int64?
    ) -> Int64 {
        let (wanted, overflow) = (answer ?? Self.answer).multipliedReportingOverflow(by: max(1, answers ?? 1))
        let (bytes, tooMany) = (text(body) / bytesToToken).addingReportingOverflow(
            max(0, rest) / bytesToToken)
        let (sum, tooMuch) = (bytes + 1).addingReportingOverflow(max(0, wanted))
        return overflow || tooMany || tooMuch ? LimitRecord.most : min(sum, LimitRecord.most)
    }

    /// Bytes, each medium as those of the tokens that it stands for.
    private static func text(_ body: UnsafeRawBufferPointer) -> Int64 {
        var (bytes, run) = (Int64(body.count), 0)
        func end() {
            if run > longestWord { bytes -= Int64(run) - medium * bytesToToken }
            run = 0
        }
        for byte in body {
            if isOfBase64(byte) { run += 1 } else { end() }
        }
        end()
        return bytes
    }

    @inline(__always)
    private static func isOfBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D, 0x2D, 0x5F: true
        default: false
        }
    }
}
