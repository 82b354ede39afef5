import NIOSSL

/// Whether a certificate is one for the configured host.
///
/// NIOSSL asks less: it falls back to the common name, takes partial
/// wildcards, and takes a certificate for the *address* that a name led to
/// (`IdentityVerification.swift` of 2.37.6). Public authorities issue
/// certificates for addresses, so the last would let whoever can change a DNS
/// answer have the upstream keys. RFC 9525 allows none of the three.
enum CertificateName {
    /// - Parameters:
    ///   - host: a name; of an address NIOSSL's own check is enough.
    ///   - names: the DNS names in the certificate.
    static func covers(_ host: String, names: [[UInt8]]) -> Bool {
        let host = labels(host.utf8)
        return names.contains { name in
            var pattern = labels(name)
            guard pattern.count == host.count, pattern.allSatisfy({ !$0.isEmpty }) else { return false }
            // A wildcard is a whole first label, and never of a whole top-level domain.
            guard pattern[0] == [0x2A], pattern.count > 2 else { return pattern == host }
            pattern[0] = host[0]
            return pattern == host
        }
    }

    static func dnsNames(of certificate: NIOSSLCertificate) -> [[UInt8]] {
        certificate._subjectAlternativeNames().filter { $0.nameType == .dnsName }.map { Array($0.contents) }
    }

    /// In lower case; the dot at the end that stands for the root is not one.
    private static func labels(_ name: some Sequence<UInt8>) -> [[UInt8]] {
        var labels: [[UInt8]] = [[]]
        for byte in name {
            if byte == 0x2E {
                labels.append([])
            } else {
                labels[labels.count - 1].append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
        }
        if labels.count > 1, labels.last == [] { labels.removeLast() }
        return labels
    }
}
