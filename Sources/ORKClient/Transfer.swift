internal import CCurl
internal import ORKit

/// One libcurl handle, used for one call after the other so that they share a
/// connection.
final class Transfer {
    private let socket: String
    private let handle: UnsafeMutableRawPointer?

    /// Paths of Unix sockets are at most 107 bytes (unix(7), `sun_path`).
    static let longestSocketPath = 107

    init(socket: String) {
        self.socket = socket
        // Nothing of TLS or Windows needs setting up for a Unix socket.
        curl_global_init(Int(CURL_GLOBAL_NOTHING))
        handle = curl_easy_init()
    }

    deinit {
        if let handle { curl_easy_cleanup(handle) }
    }

    /// Makes one call.
    ///
    /// - Parameter records: takes the body of a successful answer as it comes;
    ///   the answer's own body is then empty.
    func perform(
        _ call: ControlCall, timeout: Duration?, isCancelled: (() -> Bool)?, records: LineSplitter?
    ) throws -> Answer {
        guard socket.utf8.count <= Self.longestSocketPath else { throw CodedError(.socketPathTooLong) }
        guard let curl = handle else { throw CodedError(.internalError, "libcurl could not be started") }
        curl_easy_reset(curl)
        let exchange = Exchange(curl: curl, isCancelled: isCancelled, records: records)
        var headers: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(headers) }
        func add(_ header: String) {
            if let longer = curl_slist_append(headers, header) { headers = longer }
        }
        add("\(API.versionHeader): \(API.version)")
        add("Accept: application/json")
        // Our bodies are wanted at once; a pause for 100 Continue helps nobody here.
        add("Expect:")
        if let type = call.contentType { add("Content-Type: \(type)") }

        orkCurlSetText(curl, CURLOPT_UNIX_SOCKET_PATH, socket)
        orkCurlSetText(curl, CURLOPT_URL, call.url)
        // An http_proxy in the environment must not be asked.
        orkCurlSetText(curl, CURLOPT_PROXY, "")
        orkCurlSetLong(curl, CURLOPT_NOSIGNAL, 1)
        orkCurlSetLong(curl, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        if let timeout {
            orkCurlSetLong(curl, CURLOPT_TIMEOUT_MS, Int(clamping: max(1, timeout.wholeMilliseconds)))
        }

        let context = Unmanaged.passUnretained(exchange).toOpaque()
        orkCurlSetWrite(curl, Exchange.write, context)
        orkCurlSetHeader(curl, Exchange.header, context)
        orkCurlSetProgress(curl, Exchange.progress, context)

        let code: CURLcode
        switch call.body {
        case .none:
            orkCurlSetHeaders(curl, headers)
            code = curl_easy_perform(curl)
        case .json(let bytes), .text(let bytes):
            orkCurlSetHeaders(curl, headers)
            orkCurlSetLong(curl, CURLOPT_POST, 1)
            orkCurlSetText(curl, CURLOPT_CUSTOMREQUEST, call.route.method)
            orkCurlSetSize(curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            code = bytes.withUnsafeBytes { region in
                // libcurl takes a null pointer as “ask the read function”.
                let empty = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(StaticString("").utf8Start))
                let start = region.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) } ?? empty
                orkCurlSetPointer(curl, CURLOPT_POSTFIELDS, start)
                return curl_easy_perform(curl)
            }
        case .upload(_, let reader):
            add("Transfer-Encoding: chunked")
            exchange.reader = reader
            orkCurlSetHeaders(curl, headers)
            orkCurlSetLong(curl, CURLOPT_POST, 1)
            orkCurlSetRead(curl, Exchange.read, context)
            code = curl_easy_perform(curl)
        }
        return try withExtendedLifetime(exchange) { try finish(exchange, code, curl) }
    }

    private func finish(_ exchange: Exchange, _ code: CURLcode, _ curl: UnsafeMutableRawPointer) throws
        -> Answer
    {
        if let thrown = exchange.thrown { throw thrown }
        let answer = exchange.answer(status: orkCurlGetLong(curl, CURLINFO_RESPONSE_CODE))
        if code == CURLE_OK || answer.isWholeError { return answer }
        switch code {
        case CURLE_COULDNT_CONNECT:
            throw SocketDiagnosis.error(
                for: Int32(clamping: orkCurlGetLong(curl, CURLINFO_OS_ERRNO)), at: socket)
        case CURLE_OPERATION_TIMEDOUT: throw CodedError(.timedOut)
        case CURLE_ABORTED_BY_CALLBACK: throw CodedError(.interrupted)
        case CURLE_WRITE_ERROR:
            throw CodedError(.protocolMismatch, "the daemon's answer is too long to be one of its own")
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
            throw CodedError(
                .daemonAbsent, "the daemon ended the connection before its answer was whole",
                hints: ["is it still there:   orkctl status"])
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            throw CodedError(.protocolMismatch, "what answers at \(socket) is not orkd")
        default:
            throw CodedError(
                .internalError, "the control socket failed: \(String(cString: curl_easy_strerror(code)))")
        }
    }
}
