/// The last lines of a head that we write ourselves.
package enum HeadEnd {
    /// - Parameter minorVersion: of the caller's request: HTTP/1.0 closes
    ///   unless both sides say otherwise.
    package static func lines(keepAlive: Bool, minorVersion: UInt8) -> StaticString {
        if !keepAlive { return "Connection: close\r\n\r\n" }
        return minorVersion == 0 ? "Connection: keep-alive\r\n\r\n" : "\r\n"
    }
}
