internal import CCurl
internal import ORKit

/// What one call sends and gathers; libcurl's callbacks end here. They run
/// inside `curl_easy_perform`, on the same thread.
final class Exchange {
    /// Longest body that is gathered whole. A page of a list is far below it.
    static let longestBody = 64 << 20

    var reader: ((UnsafeMutableRawBufferPointer) throws -> Int)?
    /// The first error of a closure of ours; it ends the transfer.
    private(set) var thrown: (any Error)?

    private let curl: UnsafeMutableRawPointer
    private let isCancelled: (() -> Bool)?
    private let records: LineSplitter?
    private var body: [UInt8] = []
    private var headers: [String: String] = [:]

    init(curl: UnsafeMutableRawPointer, isCancelled: (() -> Bool)?, records: LineSplitter?) {
        self.curl = curl
        self.isCancelled = isCancelled
        self.records = records
    }

    func answer(status: Int) -> Answer {
        Answer(
            status: status, api: headers[API.versionHeader.lowercased()],
            release: headers[API.releaseHeader.lowercased()], body: body)
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        do {
            if let records, (200..<300).contains(orkCurlGetLong(curl, CURLINFO_RESPONSE_CODE)) {
                try records.take(bytes)
            } else {
                guard body.count + bytes.count <= Self.longestBody else { return 0 }
                body.append(contentsOf: bytes)
            }
            return bytes.count
        } catch {
            thrown = error
            // Any other number than the count ends the transfer.
            return bytes.isEmpty ? 1 : 0
        }
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        let value = bytes[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        let end = value.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? value.startIndex
        headers[name] = String(decoding: value[..<end], as: UTF8.self)
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        do {
            return min(try reader?(buffer) ?? 0, buffer.count)
        } catch {
            thrown = error
            return Int(CURL_READFUNC_ABORT)
        }
    }

    static let write: curl_write_callback = { bytes, size, count, context in
        guard let context, let length = product(size, count) else { return 0 }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        return exchange.take(UnsafeRawBufferPointer(start: bytes, count: length))
    }

    static let header: curl_write_callback = { bytes, size, count, context in
        guard let context, let length = product(size, count) else { return 0 }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        exchange.takeHeader(UnsafeRawBufferPointer(start: bytes, count: length))
        return length
    }

    static let read: curl_read_callback = { bytes, size, count, context in
        guard let context, let length = product(size, count) else { return Int(CURL_READFUNC_ABORT) }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        return exchange.fill(UnsafeMutableRawBufferPointer(start: bytes, count: length))
    }

    static let progress: curl_xferinfo_callback = { context, _, _, _, _ in
        guard let context else { return 0 }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        return exchange.isCancelled?() == true ? 1 : 0
    }

    private static func product(_ size: Int, _ count: Int) -> Int? {
        let (length, overflow) = size.multipliedReportingOverflow(by: count)
        return overflow || length < 0 ? nil : length
    }
}
