import Testing

@testable import ORKit

@Suite("arrays that grow without moving")
struct SegmentedArrayTests {
    @Test("what is appended is found at its index, across segments, and can be changed in place")
    func order() {
        var array = SegmentedArray<Int>()
        #expect(array.indices.isEmpty)
        for value in 0..<1000 { array.append(value * 3) }
        #expect(array.count == 1000)
        #expect(array.indices.allSatisfy { array[$0] == $0 * 3 })
        array[256] = -1
        array[999] += 1
        #expect(array[255] == 765 && array[256] == -1 && array[257] == 771 && array[999] == 2998)
    }

    @Test("a copy does not see later changes")
    func copies() {
        var array = SegmentedArray<String>()
        array.append("a")
        let copy = array
        array[0] = "b"
        array.append("c")
        #expect(copy.count == 1 && copy[0] == "a" && array[0] == "b" && array[1] == "c")
    }

    @Test("places are counted once, whether set again, cleared or cleared twice")
    func places() {
        var places = KeyPlaces()
        for id in 1...500 { places[KeyID(Int64(id))] = id * 2 }
        places[KeyID(7)] = 70
        #expect(places.count == 500 && places[KeyID(7)] == 70 && places[KeyID(500)] == 1000)
        places[KeyID(7)] = nil
        places[KeyID(7)] = nil
        places[KeyID(-5)] = nil
        #expect(places.count == 499 && places[KeyID(7)] == nil && places[KeyID(8)] == 16)
    }
}
