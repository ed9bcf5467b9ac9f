/// Names of persons and places: those that the network learns with, and others that it meets in the
/// test only. Some are both a person's and a place's, and three a month's too.
package struct NameLists: Sendable {
  package let first, last, places, prefixes: [String]

  package static let learned = NameLists(
    first: """
      Anna Boris Clara David Elena Felix Greta Hugo Irene Jonas Karin Lukas Marta Nikolai Olga Peter
      Rosa Stefan Teresa Ulrich Vera Walter Yvonne Anton Birgit Carlos Dora Emil Frieda Georg Hanna
      Ivan Julia Konrad Laura Miguel Nora Oscar Paula Ralf Sofia Thomas Ursula Viktor Wanda Agnes
      Bruno Cecilia Dieter Eva Franz Helga Igor Jana Klaus Lotte Maria Otto
      Florence Jordan Victoria Charlotte Austin May April June
      """.listed,
    last: """
      Fischer Kowalski Moreau Petrov Larsen Rossi Novak Garcia Jansen Meyer Horvat Lindqvist Dubois
      Popescu Schneider Silva Nowak Bianchi Andersen Keller Weber Sokolov Martens Costa Bauer Olsen
      Romano Virtanen Schmidt Dvorak Peeters Fontaine Ivanov Becker Marino Santos Hansen Kovacs
      Richter Vogel Lefevre Nilsson Conti Zimmer Pavlov Brandt Torres Mazur Hoffmann Berg Ferrari
      Lang Simon Walsh Murphy Taylor Lincoln Washington Jackson
      """.listed,
    places: """
      Lisbon Vienna Prague Dresden Bergen Turin Seville Gdansk Lyon Utrecht Salzburg Ghent Verona
      Leipzig Malmo Porto Geneva Krakow Bologna Bruges Graz Tartu Zagreb Split Nantes Aarhus Oulu
      Basel Trieste Toledo Cardiff Dundee Galway Exeter Norwich Lublin Brno Debrecen Plovdiv Varna
      Kaunas Liepaja Bremen Kassel Padua Parma Ravenna Rouen Dijon Namur Delft Haarlem Odense Tromso
      Florence Jordan Victoria Charlotte Austin Lincoln Washington Jackson
      """.listed,
    prefixes: ["New", "Port", "Saint", "Upper", "Lake"])

  package static let unseen = NameLists(
    first: """
      Beatrix Caspar Delia Edgar Flora Gustav Henrike Ines Jakob Kamilla Leon Mira Norbert Ottilie
      Pavel Renata Silvio Tilda Valentin Wilma Xaver Zoe Albert Judith Adelaide Sydney Chelsea August
      """.listed,
    last: """
      Abramov Castelli Drexler Eriksen Fabre Gruber Haas Ilves Jokinen Krause Lombardi Mertens Nemeth
      Oliveira Pichler Quist Reuter Sandoval Thorsen Urban Vasile Winkler Yilmaz Zeman Houston Madison
      """.listed,
    places: """
      Antwerp Bilbao Coimbra Dortmund Eindhoven Freiburg Gothenburg Heidelberg Innsbruck Jena Kosice
      Ljubljana Mantua Narvik Orleans Pamplona Riga Sibiu Tampere Uppsala Vilnius Wroclaw Ypres
      Zwolle Adelaide Sydney Chelsea Houston Madison
      """.listed,
    prefixes: ["New", "Port", "Saint", "Fort", "Mount"])
}

extension String {
  /// What stands between blanks.
  package var listed: [String] { split { $0 == " " || $0 == "\n" }.map(String.init) }
}
