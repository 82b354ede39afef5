import Testing

@testable import ORKit

@Suite("the bytes that end or interrupt a JSON string")
struct StringSpecialTests {
    private func first(_ bytes: [UInt8], from: Int) -> Int {
        bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { $0.firstStringSpecial(from: from, to: bytes.count) } ?? from
        }
    }

    @Test("one is found wherever it stands in a text of any length")
    func everyPlace() {
        for length in 0...180 {
            for special: UInt8 in [0x22, 0x5C, 0x00, 0x1F] {
                for place in 0..<length {
                    var bytes = [UInt8](repeating: 0x61, count: length)
                    bytes[place] = special
                    // Another one behind it is not the first.
                    bytes[length - 1] = special
                    #expect(first(bytes, from: 0) == place, "\(special) at \(place) of \(length)")
                }
            }
        }
    }

    @Test("every other byte, beyond ASCII too, is none")
    func others() {
        let others = (UInt8.min...UInt8.max).filter { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
        for byte in others {
            #expect(first([UInt8](repeating: byte, count: 150), from: 0) == 150, "\(byte)")
        }
        for special in (UInt8.min...UInt8.max) where !others.contains(special) {
            let bytes = others + others + [special]
            #expect(first(bytes, from: 0) == bytes.count - 1, "\(special)")
        }
    }

    @Test("nothing is looked at before the place to begin at, or behind the end")
    func bounds() {
        var bytes = [UInt8](repeating: 0x61, count: 300)
        (bytes[9], bytes[200]) = (0x22, 0x22)
        for from in 10...200 { #expect(first(bytes, from: from) == 200) }
        bytes.withUnsafeBytes { bytes in
            for to in 10...200 {
                #expect(bytes.baseAddress?.firstStringSpecial(from: 10, to: to) == to)
            }
        }
    }
}
