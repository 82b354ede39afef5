import ORKit

/// The file in the body of an upload: the body itself, or the one file of a
/// form (RFC 7578).
enum UploadedFile {
    /// - Parameter contentType: of the body.
    /// - Throws: `bad-body` for a form without a file, or with several.
    static func text(of body: [UInt8], contentType: String?) throws -> [UInt8] {
        let type = Array((contentType ?? "").utf8)
        guard let boundary = type.withUnsafeBytes({ MultipartForm.boundary(contentType: $0) }) else {
            guard contentType?.lowercased().hasPrefix("multipart/") != true else {
                throw CodedError(.badBody, "the form has no boundary", hints: [])
            }
            return body
        }
        let files = parts(of: body[...], between: [0x2D, 0x2D] + boundary).compactMap(file)
        guard files.count == 1, let file = files.first else {
            throw CodedError(.badBody, "the form must hold one file", hints: [])
        }
        return file
    }

    /// What stands between the delimiters.
    private static func parts(of body: ArraySlice<UInt8>, between delimiter: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var rest = body
        var isInside = false
        while let place = rest.firstRange(of: delimiter) {
            if isInside { parts.append(rest[..<place.lowerBound]) }
            isInside = true
            rest = rest[place.upperBound...]
        }
        return parts
    }

    /// Nil for a field that is no file.
    private static func file(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        guard let end = part.firstRange(of: [13, 10, 13, 10]) else { return nil }
        let head = String(decoding: part[..<end.lowerBound], as: UTF8.self).lowercased()
        guard head.contains("filename=") else { return nil }
        // The line feed before the delimiter belongs to the delimiter.
        return Array(part[end.upperBound...].dropLast(2))
    }
}
