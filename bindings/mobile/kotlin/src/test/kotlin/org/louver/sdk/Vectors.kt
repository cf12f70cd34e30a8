package org.louver.sdk

import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import org.json.JSONArray
import org.json.JSONObject

/** The specification's vectors, and how they are read. */
object Vectors {
    fun open(name: String): JSONObject {
        val folder = checkNotNull(System.getProperty("louver.vectors")) { "louver.vectors names no folder" }
        return JSONObject(Files.readString(Path.of(folder, "$name.json")))
    }
}

/** The objects of a list, which must not be empty. */
fun JSONObject.objects(name: String): List<JSONObject> =
    getJSONArray(name).run { List(length(), ::getJSONObject) }.also { assertTrue(it.isNotEmpty(), name) }

fun JSONArray.texts(): List<String> = List(length(), ::getString)

fun JSONObject.texts(name: String): List<String> = getJSONArray(name).texts()

fun JSONObject.lists(name: String): List<List<String>> =
    getJSONArray(name).run { List(length()) { getJSONArray(it).texts() } }

fun JSONObject.text(name: String): String = getString(name)

fun JSONObject.optional(name: String): String? = if (isNull(name)) null else getString(name)

fun JSONObject.long(name: String): ULong = getBigInteger(name).toString().toULong()

fun JSONObject.int(name: String): UInt = long(name).toUInt()

fun JSONObject.short(name: String): UShort = long(name).toUShort()

fun JSONObject.byte(name: String): UByte = long(name).toUByte()

fun JSONObject.view(): ProtocolView = when (val name = text("direction")) {
    "external" -> ProtocolView.EXTERNAL
    "internal" -> ProtocolView.INTERNAL
    "out" -> ProtocolView.OUTGOING
    else -> error(name)
}

/** A number of little-endian bytes in hexadecimal, if it has 64 bits. */
fun small(text: String): ULong? {
    val reversed = text.chunked(2).reversed().joinToString("")
    return reversed.trimStart('0').ifEmpty { "0" }.takeIf { it.length <= 16 }?.toULong(16)
}

/** The name of the fault that something is refused with. */
fun fault(refused: () -> Any?): String =
    checkNotNull(assertFailsWith<ProtocolException> { refused() }::class.simpleName)
