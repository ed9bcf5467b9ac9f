import Unroll

/// How the names of one language are put together: a beginning, perhaps something between, an end.
struct SurnameStyle {
  let language: String
  /// How many names there are: as uneven as in the lists that people have collected.
  let count: Int
  let beginnings, middles, endings: [String]
  /// How many middles a name may have.
  let length: ClosedRange<Int>

  init(
    _ language: String, _ count: Int, _ beginnings: String, _ middles: String = "",
    _ endings: String, length: ClosedRange<Int> = 0...0
  ) {
    func parts(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
    (self.language, self.count, self.length) = (language, count, length)
    (self.beginnings, self.middles, self.endings) = (
      parts(beginnings), parts(middles), parts(endings)
    )
  }

  /// A name, made up.
  func name(_ generator: Generator) -> String {
    func pick(_ parts: [String]) -> String {
      parts[Int(generator.uniform() * Double(parts.count))]
    }
    let middles = length.lowerBound + Int(generator.uniform() * Double(length.count))
    // "·" stands for nothing: a syllable may lack its consonant.
    let name =
      pick(beginnings) + (0..<middles).map { _ in pick(self.middles) }.joined()
      + pick(endings)
    return name.replacing("·", with: "").capitalizedFirst
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// Different names of every style, all made up.
func madeUpSurnames(_ generator: Generator, share: Double = 1) -> [(
  language: String, names: [String]
)] {
  surnameStyles.map { style in
    var names: [String] = [], known: Set<String> = []
    let wanted = max(20, Int(Double(style.count) * share))
    while names.count < wanted {
      let name = style.name(generator)
      if known.insert(name).inserted { names.append(name) }
    }
    return (style.language, names)
  }
}

/// Neighbors share sounds, as they do on the map: Czech, Polish and Russian; English and Scottish;
/// Spanish and Portuguese; Chinese, Korean and Vietnamese.
let surnameStyles = [
  SurnameStyle(
    "Arabic", 500, "ba ha ka na sa ra ma sha kha gha ta fa da", "sso li mi ra da tta ri ba ssi",
    "r b d m n ni di our oud eem een ar im if", length: 1...1),
  SurnameStyle(
    "Chinese", 70, "zh ch sh x q l w y h g j z m f t d k s b r", "",
    "ang ao en eng ing iu uan ou u ai ei un ian iao in uo"),
  SurnameStyle(
    "Czech", 130, "bar bla bo dvo hor hla jel kol kra kuch mar mat nov pok se sva vesel ze sto",
    "a o e i", "cek k dek nik cka ny ska ry sky novsky zek rek chal tka nek var nova kova",
    length: 1...1),
  SurnameStyle(
    "Dutch", 75, "van de vander",
    "broek dijk haag kamp linden meer veld water wijn hoek horst berg",
    "s · en huis man stra", length: 1...1),
  SurnameStyle(
    "English", 920,
    "ash back bar black brad brook burn cart chap clay cook dal east fair green hard hart hay hol kel "
      + "kirk lang mead nor old park pres red row shel sher stan sut thorn walt west whit win wood",
    "ing er en", "ton ley ford ham well son man worth wood bury er field den s by low ard e",
    length: 0...1),
  SurnameStyle(
    "French", 70, "beau char du la le mont re bel bois gar per lam chev ro de tour",
    "a i e o", "rd ier eau lle chet ron neau gnon court mont dieu and lier llot",
    length: 0...1),
  SurnameStyle(
    "German", 180,
    "acker bau berg brand eich eisen fisch fried grün hart hirsch kauf kell klein koch krau müll reich "
      + "schmi schnei schu schwarz stein vogel wag weiss zimm",
    "er en el", "mann bach berg er feld hauer meyer stein thal ner ler tz wald heim macher",
    length: 0...1),
  SurnameStyle(
    "Greek", 50, "an kon pap theo nik geor dim stav kar makr pan chris",
    "a o i ou", "poulos akis idis ellis atos opoulos iou antis oglou ras kos", length: 1...1),
  SurnameStyle(
    "Irish", 60, "O'bri O'don O'sul mul fla gal ken cal bren mur con doyl fin ro hen dun",
    "a e o", "ghan ney ly nell gan dan han gher lan vin ran ty", length: 1...1),
  SurnameStyle(
    "Italian", 180,
    "ber bian car col con de fer gal gri lom mar mon par pel ric ros sal san ser vac",
    "a i e o", "lli tti ni ri cci ssi zzi lla nti ro no telli cchi gnoli ndo tta",
    length: 1...2),
  SurnameStyle(
    "Japanese", 250, "a fu ha hi i ka ki ko ma mi mo na ni no o sa shi su ta to ya yo wa u",
    "ka ma mi na no ra ri sa shi ta tsu wa ya yo ge ba da gu",
    "moto mura ta da saki hara guchi "
      + "kawa no yama shita be ka gawa oka zawa bayashi ki", length: 0...2),
  SurnameStyle(
    "Korean", 24, "b ch d g h j k l m n p r s y", "", "ae ang ong eo eong in ook oon um yeon yu yun"
  ),
  SurnameStyle(
    "Polish", 35, "bor czar dom gor jan kacz kow krz lew maj mal now pio szy wój woj zie za",
    "a e o i", "wski czyk cki ński lski szek czak dowski niak rz wicz kowski", length: 0...1),
  SurnameStyle(
    "Portuguese", 20, "al bar car cos fer gon mag mar mor per pin ro san sil tei vi",
    "a e i o", "ra lho eira ães es nho do ves lha ão", length: 0...1),
  SurnameStyle(
    "Russian", 2_350,
    "a ba be bo chi da do fe ga go gri i ka ko ku la le li ma mi mo na ni o pa pe po ra ro sa se so "
      + "ste su ta ti to va ve vo ya za zhi",
    "bal ban dar ka ki kla la le lo lni ma mi mno na ni nti ra ri ro rba sha shi ta ti tro va vi zhe "
      + "bro glo kha",
    "nov kov rov shev lin kin tsov nin vsky lsky nko nkov yev mov tov ev in sky off chenko gin ich",
    length: 0...2),
  SurnameStyle(
    "Scottish", 25, "mac mc", "al ar far gre ken lean lach lau nab neil phers",
    "son in gor zie ley d ster ghlin an", length: 1...1),
  SurnameStyle(
    "Spanish", 75, "al bar cas cor del fer gar gon her lo mar men mor ra ro sal san val vi",
    "a e i o", "rez ez llo dez ro gas guez nez rra cia sco lla nda", length: 0...1),
  SurnameStyle(
    "Vietnamese", 20, "ng ph th tr d h l v b kh qu nh", "",
    "uyen an ao am inh uong oang ong ang ieu u uy"),
]
