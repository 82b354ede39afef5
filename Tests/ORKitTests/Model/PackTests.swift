import Testing

@testable import ORKit

@Suite("Elements of the packed form")
struct PackTests {
    @Test("numbers have seven bits to a byte, the lowest first")
    func numbers() {
        var writer = PackWriter(bytes: [9])
        for number: UInt64 in [0, 127, 128, 300, 1 << 56, .max] { writer.unsigned(number) }
        for number: Int64 in [-1, 1, -64, 64] { writer.signed(number) }
        let large: [UInt8] = [128, 128, 128, 128, 128, 128, 128, 128, 1]
        let largest = [UInt8](repeating: 255, count: 9) + [1]
        #expect(writer.bytes == [9, 0, 127, 128, 1, 172, 2] + large + largest + [1, 2, 127, 128, 1])
    }

    @Test("whatever the room at first, all is there, in its order", arguments: [0, 1, 9, 10, 11, 64, 5000])
    func growth(capacity: Int) {
        var dice = Dice(seed: UInt64(capacity))
        var writer = PackWriter(capacity: capacity)
        let numbers = (0..<300).map { _ in dice.next() >> UInt64.random(in: 0..<64, using: &dice) }
        let texts = numbers.map { String(repeating: "ü", count: Int($0 % 90)) }
        for (number, text) in zip(numbers, texts) {
            writer.unsigned(number)
            writer.string(text)
            writer.byte(UInt8(truncatingIfNeeded: number))
        }
        var appended: [UInt8] = [3, 4]
        writer.append(to: &appended)
        #expect(appended == [3, 4] + writer.bytes)
        writer.bytes.withUnsafeBytes { bytes in
            var reader = PackReader(bytes: bytes)
            for (number, text) in zip(numbers, texts) {
                #expect(reader.unsigned() == number && reader.string() == text)
                #expect(reader.byte() == UInt8(truncatingIfNeeded: number))
            }
            #expect(reader.isAtEnd)
        }
    }
}
