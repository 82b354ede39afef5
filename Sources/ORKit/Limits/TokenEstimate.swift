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
    ///
    /// Sixteen bytes of every 128 are looked at: a medium has none but its own,
    /// and a text has a space or a sign among so many. Looking at all of them
    /// cost more than passing the body on.
    private static func text(_ body: UnsafeRawBufferPointer) -> Int64 {
        guard let base = body.baseAddress else { return 0 }
        var bytes = Int64(body.count)
        var at = 0
        // A run that is long enough holds one of these windows as a whole.
        while at + window <= body.count {
            guard isRun(base, from: at, to: at + window) else {
                at += window
                continue
            }
            var (first, last) = (at, at + window)
            while last + step <= body.count, base.isOfBase64(last + step - sample) { last += step }
            let furthest = min(last + step, body.count)
            while last < furthest, isOfBase64(body[last]) { last += 1 }
            while first > 0, isOfBase64(body[first - 1]) { first -= 1 }
            if last - first > longestWord { bytes -= Int64(last - first) - medium * bytesToToken }
            at = (last + window - 1) / window * window
        }
        return bytes
    }

    private static let window = longestWord / 2
    private static let step = 128
    private static let sample = 16

    private static func isRun(_ base: UnsafeRawPointer, from first: Int, to end: Int) -> Bool {
        var at = first
        while at < end {
            guard base.isOfBase64(at) else { return false }
            at += step
        }
        return true
    }

    @inline(__always)
    private static func isOfBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D, 0x2D, 0x5F: true
        default: false
        }
    }
}

extension UnsafeRawPointer {
    /// The same of the sixteen bytes from there on.
    @inline(__always)
    fileprivate func isOfBase64(_ offset: Int) -> Bool {
        // Comparing with a scalar is not vectorised by the compiler.
        let letters = SIMD16<UInt8>(repeating: 26)
        let slashAndDigits = SIMD16<UInt8>(repeating: 11)
        let (plus, minus) = (SIMD16<UInt8>(repeating: 0x2B), SIMD16<UInt8>(repeating: 0x2D))
        let (equals, line) = (SIMD16<UInt8>(repeating: 0x3D), SIMD16<UInt8>(repeating: 0x5F))
        let bytes = vector(offset)
        let letter = ((bytes | 0x20) &- 0x61) .< letters
        let slashOrDigit = (bytes &- 0x2F) .< slashAndDigits
        let sign = (bytes .== plus) .| (bytes .== minus) .| (bytes .== equals) .| (bytes .== line)
        return (.!(letter .| slashOrDigit .| sign)).isAllFalse
    }
}
