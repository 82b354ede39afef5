/// The fields that every answer on the public listener carries, refusals and
/// proxied answers included (SE-01). What an upstream sends under one of
/// these names is replaced.
enum SecurityHeaders {
    /// One year: long enough for browsers' preload rules, and S3's value.
    private static let transportSecurity = (
        "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
    )

    private static let always = [
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        // The filter it once switched on was itself a hole: off is the safe value.
        ("X-XSS-Protection", "0"),
    ]

    /// Lower-case names, to drop an upstream's fields of the same name.
    static let names = Set((always + [transportSecurity]).map { $0.0.lowercased() })

    /// - Parameter hsts: whether browsers shall insist on TLS from now on
    ///   (SE-02): only where TLS really is in front.
    static func fields(hsts: Bool) -> [(String, String)] {
        hsts ? always + [transportSecurity] : always
    }

    /// The same fields as they stand in a response head, each line with its
    /// CRLF, ready to be copied.
    static func lines(hsts: Bool) -> [UInt8] {
        hsts ? linesWithTransportSecurity : linesWithout
    }

    private static let linesWithout = format(fields(hsts: false))
    private static let linesWithTransportSecurity = format(fields(hsts: true))

    private static func format(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { name, value in Array("\(name): \(value)\r\n".utf8) }
    }
}
