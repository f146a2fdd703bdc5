import { expect, test } from 'vitest'
import { estimateTokens, mostTokens, TOKENS_A_MESSAGE, tokensOf } from './count-tokens.js'

/** The same few sentences, with the tokens that o200k_base and cl100k_base make of them. */
const SAMPLES: readonly [name: string, text: string, newer: number, older: number][] = [
  [
    'English',
    'The shop opens at nine in the morning and closes at half past six, except on Sundays and public holidays. If you would like to return an item, please keep the receipt and bring it back within thirty days.',
    43,
    43,
  ],
  [
    'German',
    'Das Geschäft öffnet um neun Uhr morgens und schließt um halb sieben, außer an Sonn- und Feiertagen. Wenn Sie einen Artikel zurückgeben möchten, bewahren Sie bitte die Quittung auf.',
    41,
    51,
  ],
  [
    'Polish',
    'Sklep otwiera się o dziewiątej rano i zamyka o wpół do siódmej, z wyjątkiem niedziel i świąt. Jeśli chcesz zwrócić towar, zachowaj paragon i przynieś go w ciągu trzydziestu dni.',
    62,
    73,
  ],
  [
    'Vietnamese',
    'Cửa hàng mở cửa lúc chín giờ sáng và đóng cửa lúc sáu giờ rưỡi, trừ chủ nhật và ngày lễ. Nếu bạn muốn trả lại hàng, vui lòng giữ hóa đơn.',
    43,
    71,
  ],
  [
    'source code',
    'export async function load(id: string): Promise<User | null> {\n  const row = await db.selectFrom("users").where("id", "=", id).executeTakeFirst()\n  return row ? toUser(row) : null\n}\n',
    49,
    48,
  ],
  [
    'JSON',
    '{"id":"c_9f8a7b6c","n":[1,22,333,4444],"ok":true,"url":"https://example.com/a/b?c=1&d=2"}',
    46,
    46,
  ],
  ['numbers', '4111 1111 1111 1111 2026-11-21 07:54:15.123 192.168.17.254 3.14159265358979', 42, 42],
  [
    'Russian',
    'Магазин открывается в девять утра и закрывается в половине седьмого, кроме воскресений и праздников. Если вы хотите вернуть товар, сохраните чек.',
    38,
    64,
  ],
  [
    'Greek',
    'Το κατάστημα ανοίγει στις εννέα το πρωί και κλείνει στις έξι και μισή, εκτός από Κυριακές και αργίες.',
    36,
    85,
  ],
  [
    'Arabic',
    'يفتح المتجر في الساعة التاسعة صباحا ويغلق في السادسة والنصف، ما عدا أيام الأحد والعطلات الرسمية. إذا كنت ترغب في إرجاع منتج',
    38,
    83,
  ],
  [
    'Hebrew',
    'החנות נפתחת בתשע בבוקר ונסגרת בשש וחצי, למעט ימי ראשון וחגים. אם ברצונך להחזיר פריט, שמור את הקבלה.',
    43,
    100,
  ],
  ['Hindi', 'दुकान सुबह नौ बजे खुलती है और साढ़े छह बजे बंद होती है, रविवार और सार्वजनिक छुट्टियों को छोड़कर।', 29, 104],
  ['Tamil', 'கடை காலை ஒன்பது மணிக்கு திறக்கப்பட்டு மாலை ஆறரை மணிக்கு மூடப்படும்', 22, 90],
  ['Thai', 'ร้านเปิดเวลาเก้าโมงเช้าและปิดเวลาหกโมงครึ่ง ยกเว้นวันอาทิตย์และวันหยุดนักขัตฤกษ์', 35, 80],
  [
    'Chinese',
    '商店早上九点开门，晚上六点半关门，星期日和公众假期除外。如果您想退货，请保留收据并在三十天内带回。',
    43,
    57,
  ],
  [
    'Japanese',
    'お店は朝九時に開店し、日曜日と祝日を除いて午後六時半に閉店します。返品をご希望の場合は、レシートを保管してください。',
    42,
    61,
  ],
  [
    'Korean',
    '가게는 아침 아홉 시에 열고 여섯 시 반에 닫습니다. 일요일과 공휴일은 제외입니다. 반품을 원하시면 영수증을 보관해 주세요.',
    47,
    63,
  ],
  ['Georgian', 'მაღაზია იხსნება დილის ცხრა საათზე და იხურება შვიდის ნახევარზე', 22, 114],
  ['Amharic', 'ሱቁ ከጠዋቱ ሦስት ሰዓት ይከፈታል', 38, 51],
  ['emoji', '😀🎉👩‍👩‍👧🇩🇪❤️🚀🔥👍🏽', 22, 39],
]

test.each(SAMPLES)(
  'an estimate for %s is between what tokenizers make of it',
  (_name, text, newer, older) => {
    const estimate = estimateTokens(text)
    expect(estimate).toBeGreaterThanOrEqual(Math.min(newer, older) * 0.8)
    expect(estimate).toBeLessThanOrEqual(Math.max(newer, older) * 1.2)
  },
)

test('nothing has no tokens, and half of a character is no trouble', () => {
  expect(estimateTokens('')).toBe(0)
  expect(estimateTokens('\ud83d')).toBe(1)
})

test('the provider’s own count of an answer goes before the estimate', () => {
  const usage = (completion: number) => ({
    prompt_tokens: 99,
    completion_tokens: completion,
    total_tokens: 99 + completion,
  })
  const content = 'A short answer.'
  expect(tokensOf({ content, usage: null })).toBe(estimateTokens(content) + TOKENS_A_MESSAGE)
  expect(tokensOf({ content, usage: usage(4) })).toBe(4 + TOKENS_A_MESSAGE)
  // Two thousand tokens of thinking are not shown again.
  expect(tokensOf({ content, usage: usage(2_000) })).toBe(content.length + TOKENS_A_MESSAGE)
})

test('the most that a text can have is a token for each byte', () => {
  for (const [, text, newer, older] of SAMPLES)
    expect(mostTokens(text)).toBeGreaterThanOrEqual(Math.max(newer, older))
  expect(mostTokens('zq#\u{1f600}')).toBe(7)
})
