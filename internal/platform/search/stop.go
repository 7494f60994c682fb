package search

import "strings"

// stopWords say nothing about a text. They are left out of bodies and of
// queries, never out of titles: "On" and "Les Halles" are names. Without
// accents, French first.
const stopWords = " a ai ainsi alors apres as au aucun aucune aussi autre autres aux avait avant avec avoir avons ayant c ca car ce ceci cela celle celles " +
	"celui ces cet cette ceux chaque chez ci comme comment d dans de depuis des desormais deux devant doit donc dont du durant elle elles en encore " +
	"entre est et etaient etait etant etc etes etre eu eux fait faire font fut hors il ils j je jusque l la le les leur leurs lors lorsque lui m ma mais " +
	"malgre me meme memes mes mien moi moins mon n ne ni non nos notre nous on ont ou par parce parmi pas pendant peu peut plus pour pourquoi pres " +
	"qu quand que quel quelle quelles quels qui quoi s sa sans sauf se sera seront ses si sien soi soit son sont sous souvent suis sur t ta tandis te tel " +
	"telle telles tels tes toi ton tous tout toute toutes tres trop tu un une vers via voici voila vos votre vous y " +
	"about above after again all also am an and any are aren be because been before being below between both but by can could did do does doing down " +
	"during each few for from further had has have having he her here hers herself him himself his how i if in into is isn it its itself just more " +
	"most my myself no nor not now of off once only or other our ours out over own same she should so some such than that the their theirs them then " +
	"there these they this those through to too under until up very was we were what when where which while who whom why will with would you your yours "

func stopWord(fold string) bool { return strings.Contains(stopWords, " "+fold+" ") }
