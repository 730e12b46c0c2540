// Counts words exactly as core/words.py does, which states the rule; tests/core/word_counts.json holds both to it.

const INVISIBLE = /[\p{M}\p{Cf}\u0640]/gu;
const DIGIT_GROUPS = /(\p{Nd})[,\u066b\u066c](?=\p{Nd})/gu;
const WORD = /[\p{L}\p{N}]+(?:['\u2019\u05f3\u05f4"\-\u2010\u2011\u05be.][\p{L}\p{N}]+)*/gu;

/** @param {string} text @returns {number} how many words an applicant wrote */
export function countWords(text) {
  const plain = text.replace(INVISIBLE, "").replace(DIGIT_GROUPS, "$1");
  return (plain.match(WORD) || []).length;
}
