import Testing

@testable import ORKit

@Suite("Byte writer")
struct ByteWriterTests {
    /// What was written into so much room.
    private func written(room: Int = 64, _ write: (inout ByteWriter) -> Void) -> String {
        var out = [UInt8](repeating: 0x23, count: room)
        let count = out.withUnsafeMutableBytes { region in
            var writer = ByteWriter(region)
            write(&writer)
            return writer.length
        }
        return Array(out[..<count]).text
    }

    @Test("numbers are written as everybody writes them, at every length")
    func decimals() {
        var values: [Int64] = [0, .max, .min]
        var power: Int64 = 1
        for _ in 0..<19 {
            values += [power - 1, power, power + 1, -power, 1 - power]
            power = power.multipliedReportingOverflow(by: 10).partialValue
        }
        for value in values {
            #expect(written { $0.put(decimal: value) } == "\(value)")
            #expect("\(value)".utf8.count <= ByteWriter.longestDecimal)
        }
    }

    @Test("a number that does not fit leaves nothing")
    func room() {
        #expect(written(room: 4) { $0.put(decimal: 1234) } == "1234")
        #expect(written(room: 3) { $0.put(decimal: 1234) } == "")
        #expect(written(room: 4) { $0.put(decimal: -1234) } == "")
        #expect(written(room: 0) { $0.put(decimal: 0) } == "")
    }

    @Test("a field is one whole line")
    func field() {
        #expect(written { $0.put(field: "Content-Length", 512) } == "Content-Length: 512\r\n")
        #expect(written(room: 20) { $0.put(field: "Content-Length", 512) } == "")
    }
}
