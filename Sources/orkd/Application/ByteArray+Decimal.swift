extension [UInt8] {
    /// The number in decimal digits, without a string in between: for what is
    /// written with every answer.
    mutating func append(decimal value: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var (rest, place) = (value.magnitude, digits.count)
            repeat {
                place -= 1
                digits[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 { append(0x2D) }
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[place...]))
        }
    }

    mutating func append(_ text: StaticString) { text.withUTF8Buffer { append(contentsOf: $0) } }
}
