/// Finds the form field `model` in a `multipart/form-data` body (RFC 7578),
/// as far as the body is there. Everything else in it is relayed unread.
package enum MultipartForm {
    package enum Model: Hashable, Sendable {
        /// No such field in the part that was given.
        case absent
        case model(String)
        /// Two fields of that name, a file of that name, or no readable text:
        /// the upstream could take something else than we do.
        case ambiguous
    }

    private static let mostParts = 64
    private static let longestHead = 4096

    /// The `boundary` parameter of a `Content-Type`, or nil.
    package static func boundary(contentType: UnsafeRawBufferPointer) -> [UInt8]? {
        guard contentType.count > 20, contentType.part(0..<20).isFolded("multipart/form-data;") else {
            return nil
        }
        guard let value = parameter("boundary", in: contentType), (1...70).contains(value.count) else {
            return nil
        }
        return value
    }

    /// - Parameters:
    ///   - body: the whole body or its first bytes.
    ///   - boundary: as `boundary(contentType:)` returned it.
    package static func model(_ body: UnsafeRawBufferPointer, boundary: [UInt8]) -> Model {
        let delimiter = [0x2D, 0x2D] + boundary
        guard var at = find(delimiter, in: body, from: 0) else { return .absent }
        var found = Model.absent
        for _ in 0..<mostParts {
            at += delimiter.count
            guard at + 2 <= body.count, body[at] == ASCII.cr, body[at + 1] == ASCII.lf else { return found }
            let headStart = at
            guard let headEnd = find([13, 10, 13, 10], in: body, from: headStart),
                headEnd - headStart <= longestHead
            else { return found }
            guard let next = find([13, 10] + delimiter, in: body, from: headEnd + 2) else { return found }
            let head = body.part(headStart + 2..<max(headEnd, headStart + 2))
            if let isFile = isFileIfNamedModel(head) {
                let value = body.part(headEnd + 4..<max(next, headEnd + 4))
                guard found == .absent, !isFile, value.count <= RequestFields.longestModel,
                    let text = String(validating: value, as: UTF8.self)
                else { return .ambiguous }
                found = .model(text)
            }
            at = next + 2
        }
        return found
    }

    /// Nil unless the part is named `model`.
    private static func isFileIfNamedModel(_ head: UnsafeRawBufferPointer) -> Bool? {
        var start = 0
        while start < head.count {
            let end = find([13, 10], in: head, from: start) ?? head.count
            let line = head.part(start..<end)
            start = end + 2
            guard line.count > 20, line.part(0..<20).isFolded("content-disposition:") else { continue }
            guard let name = parameter("name", in: line), name == Array("model".utf8) else { return nil }
            return parameter("filename", in: line) != nil || parameter("filename*", in: line) != nil
        }
        return nil
    }

    /// The value of `; name=value` or `; name="value"`.
    private static func parameter(_ name: String, in line: UnsafeRawBufferPointer) -> [UInt8]? {
        var at = 0
        while let semicolon = line[at...].firstIndex(of: 0x3B) {
            at = semicolon + 1
            while at < line.count, line[at] == ASCII.space || line[at] == ASCII.tab { at += 1 }
            let nameEnd = line[at...].firstIndex { $0 == 0x3D || $0 == 0x3B } ?? line.count
            guard nameEnd < line.count, line[nameEnd] == 0x3D else { continue }
            let isWanted = line[at..<nameEnd].elementsEqual(name.utf8) { ASCII.folded($0) == $1 }
            at = nameEnd + 1
            var value: [UInt8] = []
            if at < line.count, line[at] == 0x22 {
                at += 1
                while at < line.count, line[at] != 0x22 {
                    if line[at] == 0x5C, at + 1 < line.count { at += 1 }
                    value.append(line[at])
                    at += 1
                }
                at = min(at + 1, line.count)
            } else {
                while at < line.count, line[at] != 0x3B, line[at] != ASCII.space, line[at] != ASCII.tab {
                    value.append(line[at])
                    at += 1
                }
            }
            if isWanted { return value }
        }
        return nil
    }

    private static func find(_ pattern: [UInt8], in bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        guard let base = bytes.baseAddress, let first = pattern.first, from >= 0 else { return nil }
        var at = from
        while true {
            at = base.firstIndex(of: first, from: min(at, bytes.count), to: bytes.count)
            guard at + pattern.count <= bytes.count else { return nil }
            if bytes[at..<at + pattern.count].elementsEqual(pattern) { return at }
            at += 1
        }
    }
}

extension RequestFields {
    /// The model that a multipart body asks for (ruling 39).
    package static func model(multipart body: UnsafeRawBufferPointer, boundary: [UInt8])
        -> MultipartForm.Model
    {
        MultipartForm.model(body, boundary: boundary)
    }
}
